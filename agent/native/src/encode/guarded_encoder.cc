#include "guarded_encoder.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <utility>

#include "stream_check.h"

namespace gc {
namespace {

/** From this part of the picture on it counts as whole. */
constexpr double kWhole = 0.9;
/** The first picture of a trial warms up, and a single one may have met a busy moment. */
constexpr std::size_t kWarmPictures = 1;
constexpr const char* kBeingTried = " is being tried";

bool is_whole(const std::vector<Rect>& changed, FrameKind kind, const Size& size) {
  if (kind == FrameKind::kKey) return true;
  std::int64_t area = 0;
  for (const Rect& one : changed) area += one.area();
  return static_cast<double>(area) >= kWhole * size.width * size.height;
}

}  // namespace

GuardedEncoder::GuardedEncoder(const Size& size, const Settings& settings, GuardParts parts, EncoderHistory& history)
    : size_(size), settings_(settings), parts_(std::move(parts)), history_(history),
      fallback_(parts_.fallback(size, settings)), fallback_name_(fallback_->in_use().name),
      candidate_name_(parts_.candidate_name) {
  in_use_ = {fallback_name_, parts_.candidate_name + kBeingTried};
  if (history_.refusal.empty()) return;
  state_ = State::kRefused;
  in_use_.reason = history_.refusal;
}

EncodedFrame GuardedEncoder::encode(I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind,
                                    double timestamp_ms) {
  bool begins_anew = false;
  // Not for a refinement: a screen that is still gets no sharper by a key frame.
  if (state_ == State::kProven && kind != FrameKind::kRefinement) {
    state_ = State::kUsing;
    kind = FrameKind::kKey;
    begins_anew = true;
  }
  EncodedFrame frame;
  if (state_ != State::kUsing || !encode_by_candidate(picture, changed, kind, timestamp_ms, frame)) {
    if (!fallback_) {
      fallback_ = parts_.fallback(size_, settings_);
      kind = FrameKind::kKey;
      begins_anew = true;
    }
    frame = encode_by_fallback(picture, changed, kind, timestamp_ms);
    if (state_ == State::kTrying) go_on_trying(picture, timestamp_ms);
  } else if (fallback_) {
    fallback_.reset();
    in_use_ = {candidate_name_, ""};
  }
  frame.began_anew = begins_anew;
  return frame;
}

void GuardedEncoder::configure(const Settings& settings) {
  settings_ = settings;
  if (fallback_) fallback_->configure(settings);
}

bool GuardedEncoder::encode_by_candidate(const I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind,
                                         double timestamp_ms, EncodedFrame& frame) {
  candidate_->begin(picture, changed, kind, timestamp_ms, settings_);
  std::optional<CandidateAnswer> answer = candidate_->wait(parts_.limits.answer_ms);
  if (!answer) {
    refuse("made no picture in time");
    return false;
  }
  const std::string problem = judge(*answer, kind == FrameKind::kKey);
  if (!problem.empty()) {
    refuse(problem);
    return false;
  }
  frame = std::move(answer->frame);
  frame.key_frame = is_key_frame(frame.data);
  took_ms_.push_back(answer->took_ms);
  if (took_ms_.size() > parts_.limits.speed_pictures) took_ms_.erase(took_ms_.begin());
  // This one is good all the same; the next is the fallback's.
  const std::string slow = took_ms_.size() == parts_.limits.speed_pictures ? too_slow() : "";
  if (!slow.empty()) {
    refuse(slow);
    fallback_.reset();
  }
  return true;
}

EncodedFrame GuardedEncoder::encode_by_fallback(I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind,
                                                double timestamp_ms) {
  const double began = parts_.now();
  EncodedFrame frame = fallback_->encode(picture, changed, kind, timestamp_ms);
  if (is_whole(changed, kind, size_)) fallback_whole_ms_ = std::max(fallback_whole_ms_, parts_.now() - began);
  return frame;
}

void GuardedEncoder::go_on_trying(const I420Picture& picture, double timestamp_ms) {
  if (!candidate_) {
    try {
      candidate_ = std::make_unique<CandidateThread>(parts_.candidate, size_, parts_.now);
    } catch (const std::exception& error) {
      return refuse(error.what());
    }
    return begin_trial_picture(picture, timestamp_ms);
  }
  const std::optional<CandidateAnswer> answer = candidate_->wait(0);
  if (!answer) {
    if (parts_.now() - trial_began_ms_ > parts_.limits.trial_ms) refuse("made no picture in time");
    return;
  }
  std::string problem = judge(*answer, trial_wants_key_);
  if (!problem.empty()) return refuse(problem);
  if (!answer->name.empty()) candidate_name_ = answer->name;
  ++trial_pictures_;
  if (static_cast<std::size_t>(trial_pictures_) > kWarmPictures) took_ms_.push_back(answer->took_ms);
  if (trial_pictures_ < parts_.limits.trial_pictures) return begin_trial_picture(picture, timestamp_ms);
  problem = too_slow();
  if (!problem.empty()) return refuse(problem);
  took_ms_.clear();
  state_ = State::kProven;
}

void GuardedEncoder::begin_trial_picture(const I420Picture& picture, double timestamp_ms) {
  // The second is one that is asked for in the middle, as sessions do.
  trial_wants_key_ = trial_pictures_ < 2;
  trial_began_ms_ = parts_.now();
  candidate_->begin(picture, {{0, 0, size_.width, size_.height}},
                    trial_wants_key_ ? FrameKind::kKey : FrameKind::kDelta, timestamp_ms, settings_);
}

std::string GuardedEncoder::judge(const CandidateAnswer& answer, bool key_wanted) const {
  return answer.failure.empty() ? problem_of(answer.frame.data, key_wanted, size_) : answer.failure;
}

std::string GuardedEncoder::too_slow() const {
  if (took_ms_.empty() || fallback_whole_ms_ <= 0) return "";
  std::vector<double> sorted = took_ms_;
  // Of an even number the faster one.
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  if (*middle <= fallback_whole_ms_) return "";
  char text[96];
  std::snprintf(text, sizeof text, "took %.1f ms a picture, which takes %.1f ms without it", *middle,
                fallback_whole_ms_);
  return text;
}

void GuardedEncoder::refuse(const std::string& reason) {
  state_ = State::kRefused;
  history_.refusal = candidate_name_ + ": " + reason;
  if (candidate_) candidate_->end();
  in_use_ = {fallback_name_, history_.refusal};
}

}  // namespace gc
