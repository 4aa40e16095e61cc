#include "activity.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "../vector_clones.h"

namespace gc {
namespace {

/** Every row of a line of text need not be looked at to know that there is text. */
constexpr int kRowStep = 3;

GC_VECTOR_CLONES std::uint32_t steps_in_row(const std::uint8_t* __restrict row, const std::uint8_t* __restrict next_row,
                                            int width) {
  std::uint32_t sum = 0;
  for (int x = 0; x < width; ++x) {
    sum += static_cast<std::uint32_t>(std::abs(row[x] - row[x + 1]) + std::abs(row[x] - next_row[x]));
  }
  return sum;
}

}  // namespace

double activity_of(const I420Picture& picture, const std::vector<Rect>& areas) {
  double sum = 0;
  for (const Rect& area : areas) {
    const Rect inner = intersect(area, {0, 0, picture.size().width - 1, picture.size().height - 1});
    std::uint64_t steps = 0;
    int rows = 0;
    for (int y = inner.y; y < inner.y + inner.height; y += kRowStep, ++rows) {
      const std::uint8_t* row = picture.y() + static_cast<std::ptrdiff_t>(y) * picture.luma_stride() + inner.x;
      steps += GC_VECTORISED(steps_in_row)(row, row + picture.luma_stride(), inner.width);
    }
    if (rows > 0) sum += static_cast<double>(steps) * inner.height / rows;
  }
  return sum;
}

}  // namespace gc
