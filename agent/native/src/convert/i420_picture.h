#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../geometry.h"

namespace gc {

/** Planar 4:2:0, limited range, BT.709; the planes lie one after the other in one buffer it owns. */
class I420Picture {
 public:
  explicit I420Picture(const Size& size)
      : size_(size), luma_bytes_(static_cast<std::size_t>(size.width) * size.height), buffer_(luma_bytes_ * 3 / 2) {}

  const Size& size() const { return size_; }
  int luma_stride() const { return size_.width; }
  int chroma_stride() const { return size_.width / 2; }
  std::uint8_t* y() { return buffer_.data(); }
  const std::uint8_t* y() const { return buffer_.data(); }
  std::uint8_t* u() { return buffer_.data() + luma_bytes_; }
  const std::uint8_t* u() const { return buffer_.data() + luma_bytes_; }
  std::uint8_t* v() { return buffer_.data() + luma_bytes_ + luma_bytes_ / 4; }
  const std::uint8_t* v() const { return buffer_.data() + luma_bytes_ + luma_bytes_ / 4; }

 private:
  Size size_;
  std::size_t luma_bytes_;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace gc
