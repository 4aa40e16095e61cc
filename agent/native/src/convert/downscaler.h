#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../geometry.h"

namespace gc {

/** Shrinks a BGRA surface by averaging: each pixel of the result weighs all that it covers, so that text stays legible. */
class Downscaler {
 public:
  /** `to` must not exceed `from` in either direction. */
  Downscaler(const Size& from, const Size& to);

  /** The pixels of the result that change with a rectangle of the source, at even edges. */
  Rect target_of(const Rect& source) const;

  /** Brings a rectangle of the result up to date. */
  void scale(const std::uint8_t* bgra, int stride, const Rect& target);

  const std::uint8_t* bgra() const { return reinterpret_cast<const std::uint8_t*>(result_.data()); }
  int stride() const { return to_.width * 4; }

 private:
  /** What the pixels of the result are made of in one direction: as many weights each, summing to 256. */
  struct Axis {
    Axis(int from, int to);
    int taps;
    std::vector<int> first;
    std::vector<std::uint16_t> weights;
    const std::uint16_t* weights_of(int pixel) const { return &weights[static_cast<std::size_t>(pixel) * taps]; }
  };

  Size from_;
  Size to_;
  Axis columns_;
  Axis rows_;
  /** One line of the source's width, shrunk vertically: four channels with 8 fraction bits. */
  std::vector<std::uint16_t> line_;
  std::vector<std::uint32_t> result_;
};

}  // namespace gc
