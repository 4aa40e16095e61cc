#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <vector>

#include "../geometry.h"

namespace gc {

/** Which of 16 x 16 parts of the picture something is in. */
constexpr int kMapSide = 16;
using MapParts = std::bitset<kMapSide * kMapSide>;

inline MapParts parts_of(const std::vector<Rect>& areas, const Size& picture) {
  MapParts parts;
  for (const Rect& area : areas) {
    const Rect inner = intersect(area, {0, 0, picture.width, picture.height});
    if (inner.empty()) continue;
    const int right = (inner.x + inner.width - 1) * kMapSide / picture.width;
    const int bottom = (inner.y + inner.height - 1) * kMapSide / picture.height;
    for (int row = inner.y * kMapSide / picture.height; row <= bottom; ++row) {
      for (int column = inner.x * kMapSide / picture.width; column <= right; ++column) {
        parts.set(static_cast<std::size_t>(row * kMapSide + column));
      }
    }
  }
  return parts;
}

/** Tells what moves from what appears beside it, by where the picture changes again and again. */
class MotionMap {
 public:
  MotionMap() { changed_at_ms_.fill(-1e9); }

  /** Notes a change; returns the share of it where the last one was less than `within_ms` ago, 0 to 1. */
  double take(const MapParts& parts, double now_ms, double within_ms) {
    int moving = 0;
    for (std::size_t part = 0; part < changed_at_ms_.size(); ++part) {
      if (!parts[part]) continue;
      if (now_ms - changed_at_ms_[part] <= within_ms) ++moving;
      changed_at_ms_[part] = now_ms;
    }
    return parts.none() ? 0 : static_cast<double>(moving) / static_cast<double>(parts.count());
  }

 private:
  std::array<double, kMapSide * kMapSide> changed_at_ms_;
};

}  // namespace gc
