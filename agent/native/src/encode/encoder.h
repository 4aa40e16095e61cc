#pragma once

#include <cstdint>
#include <memory>
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
};

std::unique_ptr<Encoder> create_encoder(const Size& size, const Settings& settings);

}  // namespace gc
