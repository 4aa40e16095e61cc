#include "guarded_encoder.h"
#include "media_foundation.h"

namespace gc {

std::unique_ptr<Encoder> create_encoder(const Size& size, const Settings& settings, EncoderHistory& history) {
  // What was never seen to work on real hardware is not chosen by itself.
  if (settings.encoder != EncoderChoice::kMediaFoundation) return create_openh264_encoder(size, settings);
  GuardParts parts{"Media Foundation", create_media_foundation_encoder, create_openh264_encoder};
  return std::make_unique<GuardedEncoder>(size, settings, std::move(parts), history);
}

}  // namespace gc
