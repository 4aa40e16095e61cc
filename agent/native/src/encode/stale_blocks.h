#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../convert/i420_picture.h"

namespace gc {

/**
 * Macroblocks that were coded coarser than the encoder could.
 *
 * OpenH264's screen mode copies a block whose source did not change, whatever its quality, once the reference was
 * coded at quantiser 26 or below. One step of luma in one pixel makes the block count as changed, so that it is
 * coded anew at the present quantiser; the step itself is lost in rounding or costs 72 dB.
 */
class StaleBlocks {
 public:
  explicit StaleBlocks(const Size& size)
      : columns_((size.width + 15) / 16), rows_((size.height + 15) / 16),
        stale_(static_cast<std::size_t>(columns_) * rows_, 1) {}

  void add(const Rect& area) {
    if (area.empty()) return;
    for (int row = area.y / 16; row <= (area.y + area.height - 1) / 16 && row < rows_; ++row) {
      for (int column = area.x / 16; column <= (area.x + area.width - 1) / 16 && column < columns_; ++column) {
        stale_[index(column, row)] = 1;
      }
    }
    any_ = true;
  }

  void add_all() {
    stale_.assign(stale_.size(), 1);
    any_ = true;
  }

  void clear() {
    stale_.assign(stale_.size(), 0);
    any_ = false;
  }

  bool any() const { return any_; }

  /** Toggles one pixel in each stale block; the picture keeps it, so that only these blocks differ next time. */
  void nudge(I420Picture& picture) const {
    for (int row = 0; row < rows_; ++row) {
      std::uint8_t* line = picture.y() + static_cast<std::ptrdiff_t>(row) * 16 * picture.luma_stride();
      for (int column = 0; column < columns_; ++column) line[column * 16] ^= stale_[index(column, row)];
    }
  }

 private:
  std::size_t index(int column, int row) const { return static_cast<std::size_t>(row) * columns_ + column; }

  int columns_;
  int rows_;
  std::vector<std::uint8_t> stale_;
  bool any_ = true;
};

}  // namespace gc
