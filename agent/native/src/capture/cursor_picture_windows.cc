#include "cursor_picture_windows.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace gc {
namespace {

using Pixels = std::vector<std::uint32_t>;

constexpr std::uint32_t kColour = 0xffffff;
constexpr std::uint32_t kOpaque = 0xff000000;
constexpr int kLargest = 1024;

/** An icon's two bitmaps, which are ours to delete. */
struct IconBitmaps {
  ICONINFO info{};
  ~IconBitmaps() {
    if (info.hbmColor != nullptr) DeleteObject(info.hbmColor);
    if (info.hbmMask != nullptr) DeleteObject(info.hbmMask);
  }
};

std::size_t area_of(const Size& size) {
  return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
}

Size size_of(HBITMAP bitmap) {
  BITMAP header{};
  if (GetObjectW(bitmap, sizeof(header), &header) == 0) return {};
  return {header.bmWidth, header.bmHeight};
}

/** Row by row from the top, 0xAARRGGBB; a mask's bits become black and white. Empty when it cannot be read. */
Pixels read(HBITMAP bitmap, const Size& size) {
  BITMAPINFO format{};
  format.bmiHeader.biSize = sizeof(format.bmiHeader);
  format.bmiHeader.biWidth = size.width;
  format.bmiHeader.biHeight = -size.height;
  format.bmiHeader.biPlanes = 1;
  format.bmiHeader.biBitCount = 32;
  Pixels pixels(area_of(size));
  HDC screen = GetDC(nullptr);
  const int rows = GetDIBits(screen, bitmap, 0, static_cast<UINT>(size.height), pixels.data(), &format, DIB_RGB_COLORS);
  ReleaseDC(nullptr, screen);
  if (rows != size.height) pixels.clear();
  return pixels;
}

/** Pixels in which the screen shows inverted, by number. */
using Inverted = std::vector<bool>;

/** An I-beam of nothing but inverted pixels would not be seen on black. */
void edge_in_white(Pixels& argb, const Inverted& inverted, const Size& size) {
  const auto is_inverted = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < size.width && y < size.height &&
           inverted[static_cast<std::size_t>(y) * size.width + x];
  };
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      std::uint32_t& pixel = argb[static_cast<std::size_t>(y) * size.width + x];
      if ((pixel & kOpaque) != 0) continue;
      const bool beside = is_inverted(x - 1, y) || is_inverted(x + 1, y) || is_inverted(x, y - 1) ||
                          is_inverted(x, y + 1);
      if (beside) pixel = kOpaque | kColour;
    }
  }
}

/** Windows' rule for cursors without alpha: the screen AND the mask, XOR the colour. */
Pixels from_masks(const std::uint32_t* mask, const std::uint32_t* colour, const Size& size) {
  Pixels argb(area_of(size));
  Inverted inverted(argb.size());
  for (std::size_t i = 0; i < argb.size(); ++i) {
    const bool keeps_screen = (mask[i] & kColour) != 0;
    inverted[i] = keeps_screen && (colour[i] & kColour) != 0;
    if (!keeps_screen) argb[i] = kOpaque | (colour[i] & kColour);
    if (inverted[i]) argb[i] = kOpaque;
  }
  edge_in_white(argb, inverted, size);
  return argb;
}

std::vector<std::uint8_t> rgba_of(const Pixels& argb) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(argb.size() * 4);
  for (const std::uint32_t pixel : argb) {
    for (const int shift : {16, 8, 0, 24}) bytes.push_back(static_cast<std::uint8_t>(pixel >> shift));
  }
  return bytes;
}

bool has_alpha(const Pixels& argb) {
  return std::any_of(argb.begin(), argb.end(), [](std::uint32_t pixel) { return (pixel & kOpaque) != 0; });
}

/** Empty when it cannot be read; `size` becomes that of the picture. */
Pixels pixels_of(const ICONINFO& info, Size& size) {
  const Pixels mask = read(info.hbmMask, size);
  if (mask.empty()) return {};
  if (info.hbmColor == nullptr) {
    // Black and white: the colours are the lower half of the mask.
    size.height /= 2;
    return from_masks(mask.data(), mask.data() + area_of(size), size);
  }
  Pixels colour = read(info.hbmColor, size);
  if (colour.empty() || has_alpha(colour)) return colour;
  return from_masks(mask.data(), colour.data(), size);
}

}  // namespace

CursorPicture invisible_cursor() { return {{1, 1}, {0, 0}, {0, 0, 0, 0}}; }

std::optional<CursorPicture> picture_of(HCURSOR cursor) {
  IconBitmaps bitmaps;
  if (!GetIconInfo(cursor, &bitmaps.info)) return std::nullopt;
  Size size = size_of(bitmaps.info.hbmMask);
  if (size.width <= 0 || size.height <= 1 || size.width > kLargest || size.height > 2 * kLargest) return std::nullopt;
  const Pixels argb = pixels_of(bitmaps.info, size);
  if (argb.empty()) return std::nullopt;
  const Point hotspot{static_cast<int>(bitmaps.info.xHotspot), static_cast<int>(bitmaps.info.yHotspot)};
  return CursorPicture{size, hotspot, rgba_of(argb)};
}

}  // namespace gc
