#include "media_foundation.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "mf_transform_windows.h"
#include "outlook.h"
#include "rate_control.h"
#include "slice_qp.h"
#include "stream_check.h"

namespace gc {
namespace {

constexpr int kSpsNal = 7;
/** As of OpenH264: several in a row mean that there is nothing left to sharpen. */
constexpr std::size_t kSmallRefinementBytes = 256;
constexpr int kSmallRefinementsToEnd = 4;
/** A driver that takes quantisers and uses others would fill any link. */
constexpr int kNearQp = 3;
constexpr int kStrayPicturesToEnd = 10;
/** A rate that it keeps to by itself is told when it changed so much. */
constexpr double kTellRate = 0.05;

class MediaFoundationEncoder final : public Encoder {
 public:
  MediaFoundationEncoder(const Size& size, const Settings& settings)
      : settings_(settings), bitrate_(settings.bitrate), transform_(library_, size, settings),
        in_use_{transform_.name(), ""} {}

  EncodedFrame encode(I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind,
                      double timestamp_ms) override {
    if (kind == FrameKind::kKey) transform_.force_key_frame();
    const int qp = rate_.choose(settings_, outlook_of(picture, changed, kind, timestamp_ms));
    if (transform_.takes_qp()) transform_.set_qp(qp);
    else follow_bitrate();

    EncodedFrame frame;
    frame.data = transform_.encode(picture, next_time(timestamp_ms), duration());
    frame.key_frame = is_key_frame(frame.data);
    if (frame.key_frame && !has_nal(frame.data, kSpsNal)) {
      const std::vector<std::uint8_t> header = transform_.sequence_header();
      frame.data.insert(frame.data.begin(), header.begin(), header.end());
    }
    frame.qp = qp_reader_.read(frame.data);
    if (transform_.takes_qp()) require_obedience(qp, frame.qp);
    rate_.coded(settings_, qp, frame.data.size());
    frame.sharp = is_sharp(frame, kind);
    return frame;
  }

  void configure(const Settings& settings) override { settings_ = settings; }
  const EncoderInUse& in_use() const override { return in_use_; }

 private:
  void follow_bitrate() {
    if (std::abs(settings_.bitrate - bitrate_) <= kTellRate * bitrate_) return;
    bitrate_ = settings_.bitrate;
    transform_.set_bitrate(bitrate_);
  }

  // In 100 ns, and never twice the same.
  LONGLONG next_time(double timestamp_ms) {
    last_time_ = std::max(last_time_ + 1, static_cast<LONGLONG>(timestamp_ms * 10000));
    return last_time_;
  }

  LONGLONG duration() const { return static_cast<LONGLONG>(1e7 / std::max(settings_.max_fps, 1.0)); }

  void require_obedience(int wanted, int made) {
    stray_pictures_ = made >= 0 && std::abs(made - wanted) > kNearQp ? stray_pictures_ + 1 : 0;
    if (stray_pictures_ == kStrayPicturesToEnd) throw std::runtime_error("does not keep to its quantiser");
  }

  bool is_sharp(const EncodedFrame& frame, FrameKind kind) {
    if (kind != FrameKind::kRefinement) {
      small_refinements_ = 0;
      return false;
    }
    small_refinements_ = frame.data.size() < kSmallRefinementBytes ? small_refinements_ + 1 : 0;
    return small_refinements_ >= kSmallRefinementsToEnd || (frame.qp >= 0 && frame.qp <= settings_.min_qp);
  }

  MfLibrary library_;
  Settings settings_;
  int bitrate_;
  MfTransform transform_;
  const EncoderInUse in_use_;
  RateControl rate_;
  SliceQpReader qp_reader_;
  LONGLONG last_time_ = 0;
  int stray_pictures_ = 0;
  int small_refinements_ = 0;
};

}  // namespace

std::unique_ptr<Encoder> create_media_foundation_encoder(const Size& size, const Settings& settings) {
  return std::make_unique<MediaFoundationEncoder>(size, settings);
}

}  // namespace gc
