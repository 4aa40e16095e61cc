#pragma once

#include <cstdint>

#include "i420_picture.h"

namespace gc {

/** Converts one rectangle with even edges from BGRA (BT.709, limited range, 2x2 averaged chroma). */
void bgra_to_i420(const std::uint8_t* bgra, int stride, const Rect& area, I420Picture& picture);

}  // namespace gc
