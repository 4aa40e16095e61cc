#include "changed_areas_windows.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "../tiles/tile_grid.h"
#include "../vector_clones.h"

namespace gc {
namespace {

GC_VECTOR_CLONES bool differ(const std::uint8_t* __restrict a, const std::uint8_t* __restrict b, int pixels) {
  std::uint32_t differences = 0;
  for (int i = 0; i < pixels; ++i) {
    std::uint32_t left, right;
    std::memcpy(&left, a + std::ptrdiff_t{i} * 4, sizeof(left));
    std::memcpy(&right, b + std::ptrdiff_t{i} * 4, sizeof(right));
    differences |= left ^ right;
  }
  return differences != 0;
}

class Comparison {
 public:
  Comparison(const std::uint8_t* before, const std::uint8_t* now, int stride)
      : before_(before), now_(now), stride_(stride) {}

  /** The rows of a tile that changed, over the tile's whole width; empty when none did. */
  Rect changed_rows(const Rect& tile) const {
    int first = tile.y, end = tile.y + tile.height;
    while (first < end && !row_differs(tile, first)) ++first;
    while (end > first && !row_differs(tile, end - 1)) --end;
    return {tile.x, first, tile.width, end - first};
  }

  bool row_differs(const Rect& part, int y) const {
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(y) * stride_ + static_cast<std::ptrdiff_t>(part.x) * 4;
    return GC_VECTORISED(differ)(before_ + at, now_ + at, part.width);
  }

 private:
  const std::uint8_t* before_;
  const std::uint8_t* now_;
  int stride_;
};

Rect around(const Rect& a, const Rect& b) {
  const int top = std::min(a.y, b.y);
  return {a.x, top, b.x + b.width - a.x, std::max(a.y + a.height, b.y + b.height) - top};
}

/** Joins what lies side by side in one row of tiles. */
void add_beside(std::vector<Rect>& row, const Rect& area) {
  if (area.empty()) return;
  if (!row.empty() && row.back().x + row.back().width == area.x) row.back() = around(row.back(), area);
  else row.push_back(area);
}

/** Joins it to an area just above it of the same width, so that a window is one rectangle and not a dozen. */
void add_below(std::vector<Rect>& areas, const Rect& area) {
  const auto above = std::find_if(areas.begin(), areas.end(), [&](const Rect& r) {
    return r.x == area.x && r.width == area.width && r.y + r.height == area.y;
  });
  if (above != areas.end()) above->height += area.height;
  else areas.push_back(area);
}

}  // namespace

std::vector<Rect> changed_areas(const std::uint8_t* before, const std::uint8_t* now, int stride, const Size& size) {
  const Comparison comparison(before, now, stride);
  std::vector<Rect> areas;
  for (int y = 0; y < size.height; y += kTileSide) {
    std::vector<Rect> row;
    const int height = std::min(kTileSide, size.height - y);
    for (int x = 0; x < size.width; x += kTileSide) {
      add_beside(row, comparison.changed_rows({x, y, std::min(kTileSide, size.width - x), height}));
    }
    for (const Rect& area : row) add_below(areas, area);
  }
  return areas;
}

}  // namespace gc
