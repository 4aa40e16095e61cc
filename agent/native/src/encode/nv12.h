#pragma once

#include <cstdint>

#include "../convert/i420_picture.h"

namespace gc {

/** Writes the picture with its chroma interleaved: luma rows, then half as many of U and V in turn, without padding. */
void i420_to_nv12(const I420Picture& picture, std::uint8_t* nv12);

}  // namespace gc
