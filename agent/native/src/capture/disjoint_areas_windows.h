#pragma once

#include <vector>

#include "../geometry.h"

namespace gc {

/** Gathers rectangles that may overlap and keeps them disjoint; too many of them become the one around them all. */
class DisjointAreas {
 public:
  void add(const Rect& area) {
    std::vector<Rect> fresh{area};
    for (const Rect& known : areas_) fresh = without(fresh, known);
    for (const Rect& part : fresh) {
      if (!part.empty()) areas_.push_back(part);
    }
    if (areas_.size() > kMost) areas_ = {around_all()};
  }

  bool empty() const { return areas_.empty(); }
  void clear() { areas_.clear(); }
  const std::vector<Rect>& areas() const { return areas_; }

 private:
  static constexpr std::size_t kMost = 100;

  /** What of the parts lies outside `known`: above, below, left and right of it. */
  static std::vector<Rect> without(const std::vector<Rect>& parts, const Rect& known) {
    std::vector<Rect> left;
    for (const Rect& part : parts) {
      const Rect common = intersect(part, known);
      if (common.empty()) {
        left.push_back(part);
        continue;
      }
      const int right = part.x + part.width, bottom = part.y + part.height;
      const int common_right = common.x + common.width, common_bottom = common.y + common.height;
      const Rect sides[] = {{part.x, part.y, part.width, common.y - part.y},
                            {part.x, common_bottom, part.width, bottom - common_bottom},
                            {part.x, common.y, common.x - part.x, common.height},
                            {common_right, common.y, right - common_right, common.height}};
      for (const Rect& side : sides) {
        if (!side.empty()) left.push_back(side);
      }
    }
    return left;
  }

  Rect around_all() const {
    int left = areas_[0].x, top = areas_[0].y, right = left, bottom = top;
    for (const Rect& r : areas_) {
      left = std::min(left, r.x);
      top = std::min(top, r.y);
      right = std::max(right, r.x + r.width);
      bottom = std::max(bottom, r.y + r.height);
    }
    return {left, top, right - left, bottom - top};
  }

  std::vector<Rect> areas_;
};

}  // namespace gc
