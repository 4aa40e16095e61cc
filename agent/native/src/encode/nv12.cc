#include "nv12.h"

#include <cstring>

#include "../vector_clones.h"

namespace gc {
namespace {

GC_VECTOR_CLONES void interleave(const std::uint8_t* __restrict u, const std::uint8_t* __restrict v,
                                 std::uint8_t* __restrict uv, int pairs) {
  for (int i = 0; i < pairs; ++i) {
    uv[2 * i] = u[i];
    uv[2 * i + 1] = v[i];
  }
}

}  // namespace

void i420_to_nv12(const I420Picture& picture, std::uint8_t* nv12) {
  const int pixels = picture.size().width * picture.size().height;
  std::memcpy(nv12, picture.y(), static_cast<std::size_t>(pixels));
  // The planes have no padding, so that they are one row each.
  GC_VECTORISED(interleave)(picture.u(), picture.v(), nv12 + pixels, pixels / 4);
}

}  // namespace gc
