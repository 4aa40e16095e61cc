#include "outlook.h"

#include "activity.h"

namespace gc {

FrameOutlook outlook_of(const I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind,
                        double timestamp_ms) {
  const Rect all{0, 0, picture.size().width, picture.size().height};
  if (kind == FrameKind::kKey) return {kind, activity_of(picture, {all}), 1, timestamp_ms, {}};
  std::int64_t area = 0;
  for (const Rect& r : changed) area += r.area();
  const double share = static_cast<double>(area) / static_cast<double>(all.area());
  return {kind, activity_of(picture, changed), share, timestamp_ms, parts_of(changed, picture.size())};
}

}  // namespace gc
