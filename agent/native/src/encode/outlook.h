#pragma once

#include <vector>

#include "rate_control.h"

namespace gc {

/** What the rate control is told of a picture; `changed` and `kind` as for `Encoder::encode`. */
FrameOutlook outlook_of(const I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind,
                        double timestamp_ms);

}  // namespace gc
