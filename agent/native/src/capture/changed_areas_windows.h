#pragma once

#include <cstdint>
#include <vector>

#include "../geometry.h"

namespace gc {

/**
 * Where two pictures of the same size differ: disjoint rectangles that are a tile wide or several, and as high as what
 * changed in them. Rows of pixels lie `stride` bytes apart in both.
 */
std::vector<Rect> changed_areas(const std::uint8_t* before, const std::uint8_t* now, int stride, const Size& size);

}  // namespace gc
