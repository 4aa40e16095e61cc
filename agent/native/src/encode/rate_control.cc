#include "rate_control.h"

#include <algorithm>
#include <cmath>

namespace gc {
namespace {

/** What a frame may take of the link's time. */
constexpr double kKeySeconds = 0.15;
constexpr double kNewContentSeconds = 0.06;
/** Beside what moves, which takes the link as well. */
constexpr double kBesideMotionSeconds = 0.05;
constexpr double kSmallChangeSeconds = 0.03;
constexpr double kRefinementSeconds = 0.08;

/** From this part of the picture on a change counts as large, and again and again within this time as motion. */
constexpr double kLargeChange = 0.125;
constexpr double kMotionMs = 250;
/** So much of a change has to be where something moves; else something new has appeared, perhaps beside it. */
constexpr double kMovingShare = 0.75;

/** Twice the quantiser step halves the bits of what moves, but saves a third of those of sharp edges only. */
constexpr double kNewContentSteepness = 0.6;
/** Beyond this difference OpenH264 codes unchanged blocks anew, unless they are fine already. */
constexpr int kUntouchedDifference = 5;
constexpr int kFineQp = 26;
constexpr double kUnrefinedMs = 300;
/** Beside motion no refinement comes at all. */
constexpr double kUnrefinedBesideMotionMs = 100;
/** Outside of these the time between two frames says nothing about the frame rate. */
constexpr double kShortestIntervalMs = 15;
constexpr double kLongestIntervalMs = 100;
/** Less says nothing about the content. */
constexpr double kTellingActivity = 50000;

constexpr double kFirstNewCost = 1.2;

double step_of(int qp) { return std::exp2((qp - 4) / 6.0); }
int qp_of(double step) { return static_cast<int>(std::lround(4 + 6 * std::log2(std::max(step, 0.1)))); }
double blend(double old_value, double new_value) { return (old_value + new_value) / 2; }

}  // namespace

RateControl::RateControl() : new_cost_(kFirstNewCost), motion_cost_(kFirstNewCost) {}

int RateControl::choose(const Settings& settings, const FrameOutlook& frame) {
  drain(settings, frame.at_ms);
  frame_ = frame;
  int qp = 0;
  if (frame.kind == FrameKind::kRefinement) {
    qp = surface_qp_ - refinement_step_;
  } else if (frame.kind == FrameKind::kKey) {
    qp = for_new_content(settings, kKeySeconds);
  } else {
    qp = for_change(settings);
  }
  return std::clamp(qp, settings.min_qp, settings.max_qp);
}

int RateControl::for_change(const Settings& settings) {
  const bool large = frame_.changed >= kLargeChange;
  is_new_content_ = !large || changes_.take(frame_.where, frame_.at_ms, kMotionMs) < kMovingShare;
  is_beside_motion_ = is_new_content_ && frame_.at_ms - last_motion_ms_ <= kMotionMs;
  if (large && is_beside_motion_) {
    // No finer than what moves: that would be coded anew as well, see kUntouchedDifference.
    return std::max(for_new_content(settings, kBesideMotionSeconds), motion_qp_);
  }
  const double gap_ms = std::clamp(frame_.at_ms - last_delta_ms_, kShortestIntervalMs, kLongestIntervalMs);
  interval_ms_ += (gap_ms - interval_ms_) / 4;
  last_delta_ms_ = frame_.at_ms;
  if (!large) return for_small_change(settings);
  if (is_new_content_) return for_new_content(settings, kNewContentSeconds);
  last_motion_ms_ = frame_.at_ms;
  return for_motion(settings);
}

int RateControl::for_new_content(const Settings& settings, double seconds) const {
  const double bits = settings.bitrate * seconds;
  return qp_of(std::pow(new_cost_ * frame_.activity / bits, 1 / kNewContentSteepness));
}

int RateControl::for_motion(const Settings& settings) const {
  const double fair = settings.bitrate * interval_ms_ / 1000;
  const double bits = std::max(fair - backlog_bits_ / 5, fair / 4);
  const int wanted = qp_of(motion_cost_ * frame_.activity / bits);
  const int qp = std::clamp(wanted, motion_qp_ - 1, motion_qp_ + 6);
  if (surface_qp_ <= kFineQp) return qp;
  // What appeared beside it and is rough is sharpened now and then, not with each frame that could be finer.
  const bool sharpens =
      may_sharpen_rest(kUnrefinedBesideMotionMs, interval_ms_ / 1000, backlog_bits_ / settings.bitrate);
  return std::max(qp, surface_qp_ - kUntouchedDifference - (sharpens ? 1 : 0));
}

// A small change must not drag the rest of a rough picture with it: that is what refinements are for. Only where
// something small moves all the time and none comes, the rest is sharpened on the way.
int RateControl::for_small_change(const Settings& settings) const {
  const double fair_seconds = interval_ms_ / 1000;
  const double backlog_seconds = backlog_bits_ / settings.bitrate;
  const int qp = for_new_content(settings, std::max(kSmallChangeSeconds - backlog_seconds, fair_seconds / 3));
  if (surface_qp_ <= kFineQp) return qp;
  if (may_sharpen_rest(kUnrefinedMs, fair_seconds, backlog_seconds)) return surface_qp_ - kUntouchedDifference - 1;
  return std::max(qp, surface_qp_ - kUntouchedDifference);
}

bool RateControl::may_sharpen_rest(double after_ms, double fair_seconds, double backlog_seconds) const {
  return frame_.at_ms - sharpened_at_ms_ > after_ms && backlog_seconds < fair_seconds;
}

void RateControl::coded(const Settings& settings, int qp, std::size_t bytes) {
  const double bits = static_cast<double>(bytes) * 8;
  backlog_bits_ += bits;
  if (frame_.kind == FrameKind::kRefinement) {
    surface_qp_ = std::min(surface_qp_, qp);
    sharpened_at_ms_ = frame_.at_ms;
    const double meant = settings.bitrate * kRefinementSeconds;
    if (bits > meant) refinement_step_ = std::max(2, refinement_step_ / 2);
    if (bits < meant / 2) refinement_step_ = std::min(8, refinement_step_ + 2);
    return;
  }
  const bool everywhere = frame_.kind == FrameKind::kKey || frame_.changed > 0.9;
  const bool took_rest_along = surface_qp_ > kFineQp && qp < surface_qp_ - kUntouchedDifference;
  if (everywhere || took_rest_along) surface_qp_ = qp;
  else surface_qp_ = std::max(surface_qp_, qp);
  const bool is_motion = frame_.kind == FrameKind::kDelta && !is_new_content_;
  if ((frame_.changed >= kLargeChange && !is_motion) || took_rest_along) sharpened_at_ms_ = frame_.at_ms;
  if (took_rest_along && !everywhere) return;
  if (frame_.activity < kTellingActivity) return;
  if (!is_motion) {
    new_cost_ = blend(new_cost_, bits * std::pow(step_of(qp), kNewContentSteepness) / frame_.activity);
    if (is_beside_motion_) return;
    motion_cost_ = bits * step_of(qp) / frame_.activity / 2;
  } else {
    motion_cost_ = blend(motion_cost_, bits * step_of(qp) / frame_.activity);
  }
  motion_qp_ = qp;
}

double RateControl::backlog_ms(const Settings& settings, double now_ms) const {
  return std::max(0.0, backlog_bits_ * 1000 / settings.bitrate - (now_ms - drained_at_ms_));
}

void RateControl::drain(const Settings& settings, double now_ms) {
  backlog_bits_ = backlog_ms(settings, now_ms) * settings.bitrate / 1000;
  drained_at_ms_ = now_ms;
}

}  // namespace gc
