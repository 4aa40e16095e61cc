#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../convert/i420_picture.h"
#include "../settings.h"

namespace gc {

enum class FrameKind {
  kDelta,
  kKey,
  /** Nothing changed; spend the bits on what was coded coarsely before. */
  kRefinement,
};

struct EncodedFrame {
  /** Annex B; key frames start with SPS and PPS. */
  std::vector<std::uint8_t> data;
  bool key_frame = false;
  /** The quantiser the slices start with, -1 when unknown. */
  int qp = -1;
  /** Another refinement would gain nothing. */
  bool sharp = false;
  /** Another encoder made it than the frame before: all is as rough as a first picture. */
  bool began_anew = false;
};

/** What makes the pictures now. */
struct EncoderInUse {
  std::string name;
  /** Why it is not the one that was asked for; empty when it is. */
  std::string reason;
  bool operator==(const EncoderInUse& other) const { return name == other.name && reason == other.reason; }
};

/** What a capture has found out about encoders: one that has failed is not tried again. */
struct EncoderHistory {
  std::string refusal;
};

/** An H.264 encoder of one picture size. Not thread safe. Throws std::runtime_error when encoding fails. */
class Encoder {
 public:
  virtual ~Encoder() = default;

  /**
   * `changed` lists what differs from the picture encoded before. The picture may be altered invisibly (by one
   * step of luma) and must be handed in again as it came back, with new pixels written over it.
   */
  virtual EncodedFrame encode(I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind,
                              double timestamp_ms) = 0;

  /** Takes effect with the next frame, without a key frame. */
  virtual void configure(const Settings& settings) = 0;

  virtual const EncoderInUse& in_use() const = 0;
};

std::unique_ptr<Encoder> create_openh264_encoder(const Size& size, const Settings& settings);

/** The one that the settings ask for, if it works, else OpenH264. `history` must outlive it. */
std::unique_ptr<Encoder> create_encoder(const Size& size, const Settings& settings, EncoderHistory& history);

}  // namespace gc
