#pragma once

#include <string>

namespace gc {

enum class Content { kScreen, kMotion };

enum class EncoderChoice { kOpenH264, kMediaFoundation };

/** What TypeScript may change while a capture runs; see `CaptureSettings` in addon.d.ts. */
struct Settings {
  int bitrate = 0;
  double max_fps = 0;
  Content content = Content::kScreen;
  int min_qp = 0;
  int max_qp = 0;
  int refinements = 0;
  double scale = 1;
  int threads = 1;
  int niceness = 0;
  EncoderChoice encoder = EncoderChoice::kOpenH264;
};

struct CaptureTarget {
  std::string display;
  std::string display_id;
};

}  // namespace gc
