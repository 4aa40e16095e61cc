#include "tile_loss.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

namespace gc {
namespace {

/** A channel that is off by more than this in so many pixels is seen. */
constexpr int kSeenDifference = 20;
constexpr int kSeenPixels = 6;
constexpr int kContrast = 40;

const std::uint8_t* pixel_at(const std::uint8_t* bgra, int stride, int x, int y) {
  return bgra + static_cast<std::ptrdiff_t>(y) * stride + static_cast<std::ptrdiff_t>(x) * 4;
}

struct Chroma {
  int blue;
  int red;
};

// ITU-R BT.709-6 in 16 fraction bits; the rounding of 8-bit planes is far below what counts here.
int luma(const std::uint8_t* p) { return (4732 * p[0] + 46871 * p[1] + 13933 * p[2] + 32768) >> 16; }
Chroma chroma(const std::uint8_t* p) {
  const int y = luma(p);
  return {p[0] - y, p[2] - y};
}

/** Whether a channel is off when the pixel keeps its luma and gets the colour differences of its neighbourhood. */
bool is_seen(const std::uint8_t* p, int y, const Chroma& shared) {
  const int blue = std::clamp(y + shared.blue, 0, 255);
  const int red = std::clamp(y + shared.red, 0, 255);
  const int green = std::clamp(y - (4732 * shared.blue + 13933 * shared.red) / 46871, 0, 255);
  return std::abs(blue - p[0]) > kSeenDifference || std::abs(green - p[1]) > kSeenDifference ||
         std::abs(red - p[2]) > kSeenDifference;
}

/** How many pixels of a 2x2 block are seen to be wrong once they share their colour. */
int seen_in_block(const std::uint8_t* top, int stride, int columns, int rows) {
  // A surface has even sides, and so has every block; one that is cut counts its pixels twice.
  const std::uint8_t* pixels[] = {top, top + (columns > 1 ? 4 : 0), top + (rows > 1 ? stride : 0),
                                  top + (rows > 1 ? stride : 0) + (columns > 1 ? 4 : 0)};
  Chroma shared{0, 0};
  for (const std::uint8_t* p : pixels) {
    const Chroma own = chroma(p);
    shared.blue += own.blue;
    shared.red += own.red;
  }
  shared.blue /= 4;
  shared.red /= 4;
  int seen = 0;
  for (const std::uint8_t* p : pixels) seen += is_seen(p, luma(p), shared) ? 1 : 0;
  return seen;
}

}  // namespace

bool loses_colour(const std::uint8_t* bgra, int stride, const Rect& area) {
  int seen = 0;
  for (int y = area.y; y < area.y + area.height; y += 2) {
    const int rows = std::min(2, area.y + area.height - y);
    for (int x = area.x; x < area.x + area.width; x += 2) {
      const int columns = std::min(2, area.x + area.width - x);
      seen += seen_in_block(pixel_at(bgra, stride, x, y), stride, columns, rows);
      if (seen >= kSeenPixels) return true;
    }
  }
  return false;
}

bool has_contrast(const std::uint8_t* bgra, int stride, const Rect& area) {
  int least[3] = {255, 255, 255}, most[3] = {0, 0, 0};
  for (int y = area.y; y < area.y + area.height; ++y) {
    const std::uint8_t* p = pixel_at(bgra, stride, area.x, y);
    for (int x = 0; x < area.width; ++x, p += 4) {
      for (int channel = 0; channel < 3; ++channel) {
        least[channel] = std::min<int>(least[channel], p[channel]);
        most[channel] = std::max<int>(most[channel], p[channel]);
        if (most[channel] - least[channel] > kContrast) return true;
      }
    }
  }
  return false;
}

}  // namespace gc
