#pragma once

#include <vector>

#include "../convert/i420_picture.h"

namespace gc {

/** How much there is to code in these rectangles: the sum of the steps between neighbouring pixels of luma. */
double activity_of(const I420Picture& picture, const std::vector<Rect>& areas);

}  // namespace gc
