#pragma once

namespace gc {

/**
 * What frames may do inside OpenH264. The library has no settings for these; the build links its decisions through
 * ours (`--wrap`, see build.mjs and openh264_hooks.cc).
 */
struct EncodingRules {
  /**
   * Milliseconds of a frame that may go into looking all over the picture for blocks that are not found near by.
   * Screen mode otherwise does so for every block, which takes 50 to 250 ms where much changes at once.
   */
  double far_search_ms = 0;
  /** Whether to look for what scrolled; it compares lines of the whole picture. */
  bool detects_scrolling = false;
};

/** Holds for the frames that are encoded from now on; `far_search_ms` is of all threads together. */
void set_encoding_rules(const EncodingRules& rules);

}  // namespace gc
