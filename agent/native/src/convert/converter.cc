#include "converter.h"

#include <algorithm>
#include <cmath>

#include "bgra_to_i420.h"

namespace gc {
namespace {

/** OpenH264 takes nothing smaller than a macroblock. */
constexpr int kSmallest = 16;

int scaled(int length, double scale) {
  const int even = static_cast<int>(std::lround(length * scale / 2)) * 2;
  return std::min(length, std::max(kSmallest, even));
}

}  // namespace

Converter::Converter(const Size& screen, double scale)
    : picture_({scaled(screen.width, scale), scaled(screen.height, scale)}) {
  if (!(picture_.size() == screen)) downscaler_.emplace(screen, picture_.size());
}

Rect Converter::take(const std::uint8_t* bgra, int stride, const Rect& changed) {
  if (!downscaler_) {
    bgra_to_i420(bgra, stride, grow_to_even(changed, picture_.size()), picture_);
    return changed;
  }
  const Rect target = downscaler_->target_of(changed);
  downscaler_->scale(bgra, stride, target);
  bgra_to_i420(downscaler_->bgra(), downscaler_->stride(), target, picture_);
  return target;
}

}  // namespace gc
