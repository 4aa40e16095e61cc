#include "tile.h"

#include <array>
#include <cstddef>
#include <cstring>

namespace gc {
namespace {

constexpr int kMaxColours = 255;

/** Gives each colour a number in the order of appearance. */
class Palette {
 public:
  /** -1 when the palette is full. */
  int number_of(std::uint32_t rgb) {
    std::uint32_t at = (rgb * 0x9e3779b1u) >> (32 - kBits);
    while (slots_[at] != 0) {
      if (slots_[at] >> 8 == rgb) return static_cast<int>(slots_[at] & 0xff) - 1;
      at = (at + 1) & (kSlots - 1);
    }
    if (count_ == kMaxColours) return -1;
    slots_[at] = rgb << 8 | static_cast<std::uint32_t>(++count_);
    return count_ - 1;
  }

 private:
  static constexpr int kBits = 10;
  static constexpr std::uint32_t kSlots = 1u << kBits;
  /** The colour above its number + 1. */
  std::array<std::uint32_t, kSlots> slots_{};
  int count_ = 0;
};

std::uint32_t rgb_at(const std::uint8_t* bgra) {
  std::uint32_t pixel = 0;
  std::memcpy(&pixel, bgra, sizeof(pixel));
  return pixel & 0xffffffu;
}

void push_rgb(std::vector<std::uint8_t>& bytes, std::uint32_t rgb) {
  bytes.push_back(static_cast<std::uint8_t>(rgb >> 16));
  bytes.push_back(static_cast<std::uint8_t>(rgb >> 8));
  bytes.push_back(static_cast<std::uint8_t>(rgb));
}

// FNV-1a over whole pixels, with a last stir; the highest bits are the best ones.
std::uint64_t mix(std::uint64_t hash, std::uint32_t rgb) { return (hash ^ rgb) * 0x100000001b3u; }
std::uint64_t finish(std::uint64_t hash) {
  hash ^= hash >> 32;
  hash *= 0xd6e8feb86659fd93u;
  hash ^= hash >> 32;
  return hash & ((std::uint64_t{1} << 53) - 1);
}

}  // namespace

Tile take_tile(const std::uint8_t* bgra, int stride, const Rect& area, int index) {
  Tile tile;
  tile.index = index;
  tile.pixels.reserve(static_cast<std::size_t>(area.area()));
  Palette palette;
  bool fits = true;
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (int y = area.y; y < area.y + area.height; ++y) {
    const std::uint8_t* row = bgra + static_cast<std::ptrdiff_t>(y) * stride + static_cast<std::ptrdiff_t>(area.x) * 4;
    for (int x = 0; x < area.width; ++x) {
      const std::uint32_t rgb = rgb_at(row + 4 * x);
      hash = mix(hash, rgb);
      if (!fits) continue;
      const int number = palette.number_of(rgb);
      fits = number >= 0;
      if (!fits) continue;
      if (static_cast<std::size_t>(number) * 3 == tile.colours.size()) push_rgb(tile.colours, rgb);
      tile.pixels.push_back(static_cast<std::uint8_t>(number));
    }
  }
  tile.hash = finish(hash);
  if (fits) return tile;
  tile.colours.clear();
  tile.pixels.clear();
  for (int y = area.y; y < area.y + area.height; ++y) {
    const std::uint8_t* row = bgra + static_cast<std::ptrdiff_t>(y) * stride + static_cast<std::ptrdiff_t>(area.x) * 4;
    for (int x = 0; x < area.width; ++x) push_rgb(tile.pixels, rgb_at(row + 4 * x));
  }
  return tile;
}

}  // namespace gc
