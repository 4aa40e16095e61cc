#include "bgra_to_i420.h"

#include <cstddef>

#include "../vector_clones.h"

namespace gc {
namespace {

std::uint32_t blue(std::uint32_t pixel) { return pixel & 0xff; }
std::uint32_t green(std::uint32_t pixel) { return (pixel >> 8) & 0xff; }
std::uint32_t red(std::uint32_t pixel) { return (pixel >> 16) & 0xff; }

// ITU-R BT.709-6 scaled to 8 fraction bits; the weights of each chroma row sum to zero, so that grey stays grey.
GC_VECTOR_CLONES void luma_row(const std::uint32_t* __restrict bgra, std::uint8_t* __restrict y, int width) {
  for (int i = 0; i < width; ++i) {
    const std::uint32_t p = bgra[i];
    y[i] = static_cast<std::uint8_t>((47 * red(p) + 157 * green(p) + 16 * blue(p) + (16 << 8) + 128) >> 8);
  }
}

GC_VECTOR_CLONES void chroma_row(const std::uint32_t* __restrict top, const std::uint32_t* __restrict bottom,
                                 std::uint8_t* __restrict u, std::uint8_t* __restrict v, int chroma_width) {
  constexpr int kMiddle = (128 << 10) + 512;
  for (int i = 0; i < chroma_width; ++i) {
    // Pairs of 8-bit channels are summed side by side in one word: four of them fit in 10 bits.
    constexpr std::uint32_t kOuter = 0x00ff00ff;
    const std::uint32_t a = top[2 * i], b = top[2 * i + 1], c = bottom[2 * i], d = bottom[2 * i + 1];
    const std::uint32_t blue_red = (a & kOuter) + (b & kOuter) + (c & kOuter) + (d & kOuter);
    const int g = static_cast<int>(green(a) + green(b) + green(c) + green(d));
    const int bl = static_cast<int>(blue_red & 0xffff);
    const int r = static_cast<int>(blue_red >> 16);
    u[i] = static_cast<std::uint8_t>((112 * bl - 86 * g - 26 * r + kMiddle) >> 10);
    v[i] = static_cast<std::uint8_t>((112 * r - 102 * g - 10 * bl + kMiddle) >> 10);
  }
}

const std::uint32_t* pixels_at(const std::uint8_t* bgra, int stride, int x, int y) {
  return reinterpret_cast<const std::uint32_t*>(bgra + static_cast<std::ptrdiff_t>(y) * stride) + x;
}

}  // namespace

void bgra_to_i420(const std::uint8_t* bgra, int stride, const Rect& area, I420Picture& picture) {
  for (int y = area.y; y < area.y + area.height; y += 2) {
    const std::uint32_t* top = pixels_at(bgra, stride, area.x, y);
    const std::uint32_t* bottom = pixels_at(bgra, stride, area.x, y + 1);
    std::uint8_t* luma = picture.y() + static_cast<std::ptrdiff_t>(y) * picture.luma_stride() + area.x;
    const std::ptrdiff_t chroma = static_cast<std::ptrdiff_t>(y / 2) * picture.chroma_stride() + area.x / 2;
    GC_VECTORISED(luma_row)(top, luma, area.width);
    GC_VECTORISED(luma_row)(bottom, luma + picture.luma_stride(), area.width);
    GC_VECTORISED(chroma_row)(top, bottom, picture.u() + chroma, picture.v() + chroma, area.width / 2);
  }
}

}  // namespace gc
