#pragma once

#include <cstdint>

#include "../geometry.h"

namespace gc {

/** Whether a person could tell the tile from what 4:2:0 at its best makes of it: coloured text and thin lines. */
bool loses_colour(const std::uint8_t* bgra, int stride, const Rect& area);

/** Whether there is anything in it that a coarse quantiser or a smaller picture would wash out. */
bool has_contrast(const std::uint8_t* bgra, int stride, const Rect& area);

}  // namespace gc
