#include "downscaler.h"

#include <algorithm>
#include <cstring>

#include "../vector_clones.h"

namespace gc {
namespace {

constexpr int kOne = 256;

GC_VECTOR_CLONES void add_weighted(const std::uint8_t* __restrict row, std::uint16_t weight,
                                   std::uint16_t* __restrict line, int count) {
  for (int i = 0; i < count; ++i) line[i] = static_cast<std::uint16_t>(line[i] + row[i] * weight);
}

GC_VECTOR_CLONES void set_weighted(const std::uint8_t* __restrict row, std::uint16_t weight,
                                   std::uint16_t* __restrict line, int count) {
  for (int i = 0; i < count; ++i) line[i] = static_cast<std::uint16_t>(row[i] * weight);
}

using FourChannels = std::uint32_t __attribute__((vector_size(16)));
using FourLine = std::uint16_t __attribute__((vector_size(8)));
using FourBytes = std::uint8_t __attribute__((vector_size(4)));

FourChannels load_pixel(const std::uint16_t* line) {
  FourLine pixel;
  std::memcpy(&pixel, line, sizeof(pixel));
  return __builtin_convertvector(pixel, FourChannels);
}

}  // namespace

Downscaler::Axis::Axis(int from, int to)
    : taps((from + to - 1) / to + 1), first(static_cast<std::size_t>(to)),
      weights(static_cast<std::size_t>(to) * static_cast<std::size_t>(taps)) {
  // Lengths in units of 1 / to of a source pixel are whole numbers.
  for (int pixel = 0; pixel < to; ++pixel) {
    const std::int64_t begin = std::int64_t{pixel} * from, end = begin + from;
    // Never past the edge, even where the last weights are zero.
    first[pixel] = std::min(static_cast<int>(begin / to), std::max(0, from - taps));
    int left = kOne;
    std::uint16_t* heaviest = nullptr;
    for (int tap = 0; tap < taps; ++tap) {
      const std::int64_t low = std::int64_t{first[pixel] + tap} * to;
      const std::int64_t covered = std::max<std::int64_t>(0, std::min(end, low + to) - std::max(begin, low));
      std::uint16_t& weight = weights[static_cast<std::size_t>(pixel) * taps + tap];
      weight = static_cast<std::uint16_t>(covered * kOne / from);
      left -= weight;
      if (heaviest == nullptr || weight > *heaviest) heaviest = &weight;
    }
    *heaviest = static_cast<std::uint16_t>(*heaviest + left);
  }
}

Downscaler::Downscaler(const Size& from, const Size& to)
    : from_(from), to_(to), columns_(from.width, to.width), rows_(from.height, to.height),
      line_(static_cast<std::size_t>(from.width) * 4),
      result_(static_cast<std::size_t>(to.width) * static_cast<std::size_t>(to.height)) {}

Rect Downscaler::target_of(const Rect& source) const {
  const auto low = [](int at, int from, int to) { return static_cast<int>(std::int64_t{at} * to / from); };
  const auto high = [](int at, int from, int to) {
    return static_cast<int>((std::int64_t{at} * to + from - 1) / from);
  };
  const int left = low(source.x, from_.width, to_.width);
  const int top = low(source.y, from_.height, to_.height);
  return grow_to_even({left, top, high(source.x + source.width, from_.width, to_.width) - left,
                       high(source.y + source.height, from_.height, to_.height) - top},
                      to_);
}

void Downscaler::scale(const std::uint8_t* bgra, int stride, const Rect& target) {
  if (target.empty()) return;
  const int begin = columns_.first[static_cast<std::size_t>(target.x)];
  const int end = columns_.first[static_cast<std::size_t>(target.x + target.width - 1)] + columns_.taps;
  for (int y = target.y; y < target.y + target.height; ++y) {
    const std::uint16_t* row_weights = rows_.weights_of(y);
    for (int tap = 0; tap < rows_.taps; ++tap) {
      if (tap > 0 && row_weights[tap] == 0) continue;
      const int row = rows_.first[static_cast<std::size_t>(y)] + tap;
      const std::uint8_t* from = bgra + static_cast<std::ptrdiff_t>(row) * stride + std::ptrdiff_t{begin} * 4;
      std::uint16_t* line = line_.data() + std::ptrdiff_t{begin} * 4;
      if (tap == 0) GC_VECTORISED(set_weighted)(from, row_weights[tap], line, (end - begin) * 4);
      else GC_VECTORISED(add_weighted)(from, row_weights[tap], line, (end - begin) * 4);
    }
    std::uint32_t* result = &result_[static_cast<std::size_t>(y) * to_.width];
    for (int x = target.x; x < target.x + target.width; ++x) {
      const std::uint16_t* from = line_.data() + std::ptrdiff_t{columns_.first[static_cast<std::size_t>(x)]} * 4;
      const std::uint16_t* weights = columns_.weights_of(x);
      FourChannels sum = {1 << 15, 1 << 15, 1 << 15, 1 << 15};
      for (int tap = 0; tap < columns_.taps; ++tap) sum += load_pixel(from + std::ptrdiff_t{tap} * 4) * weights[tap];
      const FourBytes pixel = __builtin_convertvector(sum >> 16, FourBytes);
      std::memcpy(&result[x], &pixel, sizeof(pixel));
    }
  }
}

}  // namespace gc
