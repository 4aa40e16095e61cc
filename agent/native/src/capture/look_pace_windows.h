#pragma once

#include <algorithm>

#include "../clock.h"

namespace gc {

/** When to look at the screen next: at the frame rate while something goes on, ten times a second once all is still. */
class LookPace {
 public:
  /** 0: not at all. */
  void limit(double max_fps) { max_fps_ = max_fps; }
  bool is_wanted() const { return max_fps_ > 0; }

  /** Something changed, or somebody touched the machine. */
  void stir(double now) { stirred_ms_ = now; }

  /** A look took from `began` to `ended`. */
  void looked(double began, double ended) {
    began_ms_ = began;
    cost_ms_ = ended - began;
  }

  bool is_calm(double now) const { return now - stirred_ms_ > kStirredMs; }

  double next(double now) const {
    if (max_fps_ <= 0) return kNever;
    double interval = 1000 / max_fps_;
    if (is_calm(now)) interval = std::max(interval, now - stirred_ms_ > kDozingMs ? kStillMs : kCalmMs);
    // However slow the screen is to read, some time is left for everything else.
    return began_ms_ + std::max(interval, cost_ms_ * kCostToInterval);
  }

 private:
  static constexpr double kStirredMs = 700;
  static constexpr double kDozingMs = 2500;
  static constexpr double kCalmMs = 50;
  static constexpr double kStillMs = 100;
  static constexpr double kCostToInterval = 1.5;

  double max_fps_ = 0;
  double stirred_ms_ = -1e9;
  double began_ms_ = -1e9;
  double cost_ms_ = 0;
};

}  // namespace gc
