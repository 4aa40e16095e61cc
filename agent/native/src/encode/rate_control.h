#pragma once

#include <cstddef>

#include "../settings.h"
#include "encoder.h"
#include "motion_map.h"

namespace gc {

/** What is known of a frame before it is coded. */
struct FrameOutlook {
  FrameKind kind = FrameKind::kDelta;
  /** See activity.h; of the changed part, of everything for a key frame. */
  double activity = 0;
  /** Changed part of the picture, 0 to 1. */
  double changed = 0;
  double at_ms = 0;
  /** Where it changed; for a key frame nowhere. */
  MapParts where;
};

/**
 * Chooses each frame's quantiser, so that a change is on its way at once however large it is: rough first, then sharper
 * frame by frame while it stands still. OpenH264's own rate control changes the quantiser by a few steps a frame only,
 * which makes a new page of text on a slow link as large as a sharp one.
 */
class RateControl {
 public:
  RateControl();

  int choose(const Settings& settings, const FrameOutlook& frame);

  /** Tells what became of the frame that was chosen for last. */
  void coded(const Settings& settings, int qp, std::size_t bytes);

  /** How long the link is busy with what was coded so far. */
  double backlog_ms(const Settings& settings, double now_ms) const;

 private:
  int for_change(const Settings& settings);
  int for_new_content(const Settings& settings, double seconds) const;
  int for_motion(const Settings& settings) const;
  int for_small_change(const Settings& settings) const;
  bool may_sharpen_rest(double after_ms, double fair_seconds, double backlog_seconds) const;
  void drain(const Settings& settings, double now_ms);

  FrameOutlook frame_;
  MotionMap changes_;
  bool is_new_content_ = true;
  /** Something moves elsewhere on the screen. */
  bool is_beside_motion_ = false;
  double backlog_bits_ = 0;
  double drained_at_ms_ = 0;
  double last_delta_ms_ = -1e9;
  double last_motion_ms_ = -1e9;
  double interval_ms_ = 33;
  /** Bits for an activity of 1 at a quantiser step of 1. */
  double new_cost_;
  double motion_cost_;
  int motion_qp_ = 26;
  /** The roughest that is on the screen. */
  int surface_qp_ = 51;
  int refinement_step_ = 4;
  double sharpened_at_ms_ = -1e9;
};

}  // namespace gc
