#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "../clock.h"
#include "candidate_thread.h"
#include "encoder.h"

namespace gc {

struct GuardLimits {
  /** To be made and to answer one picture of its trial; nobody waits for it meanwhile. */
  double trial_ms = 5000;
  /** For each picture once it is used; the session waits so long for a picture at most. */
  double answer_ms = 250;
  /** Pictures that it has to code before one of them is sent. */
  int trial_pictures = 3;
  /** Its speed is that of the middle one of so many. */
  std::size_t speed_pictures = 30;
};

struct GuardParts {
  /** How the candidate is called in messages before it tells its own name. */
  std::string candidate_name;
  EncoderFactory candidate;
  EncoderFactory fallback;
  GuardLimits limits = {};
  std::function<double()> now = now_ms;
};

/**
 * Uses a candidate encoder as long as it works, and another one that is known to work before and after.
 *
 * Begins with the fallback, so that no session waits for drivers. The candidate codes a few of the pictures besides,
 * which nobody sees; if they are right and made as fast, the next change is sent as its key frame. From then on
 * whatever goes wrong (an exception, no answer in time, a stream that viewers could not decode, slower than the
 * fallback is for a whole picture) ends its use for good, and the fallback codes the same picture as a key frame.
 */
class GuardedEncoder final : public Encoder {
 public:
  /** `history` must outlive it; what it refuses is not tried. */
  GuardedEncoder(const Size& size, const Settings& settings, GuardParts parts, EncoderHistory& history);

  EncodedFrame encode(I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind,
                      double timestamp_ms) override;
  void configure(const Settings& settings) override;
  const EncoderInUse& in_use() const override { return in_use_; }

 private:
  enum class State { kTrying, kProven, kUsing, kRefused };

  /** False when the candidate has just been given up. */
  bool encode_by_candidate(const I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind,
                           double timestamp_ms, EncodedFrame& frame);
  EncodedFrame encode_by_fallback(I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind,
                                  double timestamp_ms);
  void go_on_trying(const I420Picture& picture, double timestamp_ms);
  void begin_trial_picture(const I420Picture& picture, double timestamp_ms);
  /** Why the answer is not good enough; empty when it is. */
  std::string judge(const CandidateAnswer& answer, bool key_wanted) const;
  std::string too_slow() const;
  void refuse(const std::string& reason);

  const Size size_;
  Settings settings_;
  const GuardParts parts_;
  EncoderHistory& history_;
  State state_ = State::kTrying;
  EncoderInUse in_use_;
  std::unique_ptr<Encoder> fallback_;
  const std::string fallback_name_;
  std::unique_ptr<CandidateThread> candidate_;
  std::string candidate_name_;
  int trial_pictures_ = 0;
  bool trial_wants_key_ = false;
  double trial_began_ms_ = 0;
  /** What the candidate took, the newest last. */
  std::vector<double> took_ms_;
  /** What the fallback takes for a picture that is new everywhere; 0: not known. */
  double fallback_whole_ms_ = 0;
};

}  // namespace gc
