#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../geometry.h"

namespace gc {

/** Side of a tile in pixels; tiles are counted row by row from the top left, and cut where the picture ends. */
constexpr int kTileSide = 64;

struct TileGrid {
  explicit TileGrid(const Size& surface)
      : size(surface), columns((surface.width + kTileSide - 1) / kTileSide),
        rows((surface.height + kTileSide - 1) / kTileSide) {}

  int count() const { return columns * rows; }
  Rect rect(int tile) const {
    return intersect({tile % columns * kTileSide, tile / columns * kTileSide, kTileSide, kTileSide},
                     {0, 0, size.width, size.height});
  }

  Size size;
  int columns;
  int rows;
};

/** The tiles that changed, one bit each, lowest bit first. */
class ChangedTiles {
 public:
  explicit ChangedTiles(const Size& surface)
      : grid_(surface), bits_((static_cast<std::size_t>(grid_.count()) + 7) / 8) {}

  void add(const Rect& area) {
    const Rect r = intersect(area, {0, 0, grid_.size.width, grid_.size.height});
    if (r.empty()) return;
    for (int row = r.y / kTileSide; row <= (r.y + r.height - 1) / kTileSide; ++row) {
      for (int column = r.x / kTileSide; column <= (r.x + r.width - 1) / kTileSide; ++column) {
        const auto tile = static_cast<std::size_t>(row * grid_.columns + column);
        bits_[tile / 8] = static_cast<std::uint8_t>(bits_[tile / 8] | (1u << (tile % 8)));
      }
    }
    any_ = true;
  }

  void clear() {
    std::fill(bits_.begin(), bits_.end(), std::uint8_t{0});
    any_ = false;
  }

  bool any() const { return any_; }
  const Size& surface() const { return grid_.size; }
  const std::vector<std::uint8_t>& bits() const { return bits_; }

 private:
  TileGrid grid_;
  std::vector<std::uint8_t> bits_;
  bool any_ = false;
};

}  // namespace gc
