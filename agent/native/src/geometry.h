#pragma once

#include <algorithm>
#include <cstdint>

namespace gc {

struct Point {
  int x = 0;
  int y = 0;
  bool operator==(const Point& other) const { return x == other.x && y == other.y; }
};

struct Size {
  int width = 0;
  int height = 0;
  bool operator==(const Size& other) const { return width == other.width && height == other.height; }
};

struct Rect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;

  bool empty() const { return width <= 0 || height <= 0; }
  std::int64_t area() const { return empty() ? 0 : std::int64_t{width} * height; }
  bool operator==(const Rect& o) const {
    return x == o.x && y == o.y && width == o.width && height == o.height;
  }
};

inline Rect intersect(const Rect& a, const Rect& b) {
  const int left = std::max(a.x, b.x);
  const int top = std::max(a.y, b.y);
  const int right = std::min(a.x + a.width, b.x + b.width);
  const int bottom = std::min(a.y + a.height, b.y + b.height);
  return {left, top, std::max(0, right - left), std::max(0, bottom - top)};
}

/** 4:2:0 chroma covers pixels in pairs, so a changed rectangle grows to even edges within an even-sized picture. */
inline Rect grow_to_even(const Rect& r, const Size& picture) {
  const int left = r.x & ~1;
  const int top = r.y & ~1;
  const int right = std::min((r.x + r.width + 1) & ~1, picture.width);
  const int bottom = std::min((r.y + r.height + 1) & ~1, picture.height);
  return {left, top, right - left, bottom - top};
}

}  // namespace gc
