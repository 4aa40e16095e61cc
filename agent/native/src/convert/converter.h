#pragma once

#include <cstdint>
#include <optional>

#include "downscaler.h"
#include "i420_picture.h"

namespace gc {

/** Keeps the encoder's picture: the screen, scaled down if wanted, as 4:2:0. Only what changed is worked on. */
class Converter {
 public:
  /** The picture measures `screen` times `scale`, in even numbers; `scale` is at most 1. */
  Converter(const Size& screen, double scale);

  I420Picture& picture() { return picture_; }

  /** Brings the picture up to date with one changed rectangle of the screen; returns where the picture changed. */
  Rect take(const std::uint8_t* bgra, int stride, const Rect& changed);

 private:
  I420Picture picture_;
  std::optional<Downscaler> downscaler_;
};

}  // namespace gc
