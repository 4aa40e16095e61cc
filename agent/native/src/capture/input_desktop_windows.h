#pragma once

#include <windows.h>

namespace gc {

/**
 * The desktop that shows: the user's, the lock screen's, or the one that asks for consent to elevation. A thread reads
 * only the one that it is on, and may change over as long as it has no windows and no hooks.
 */
class InputDesktop {
 public:
  InputDesktop() = default;
  ~InputDesktop();
  InputDesktop(const InputDesktop&) = delete;
  InputDesktop& operator=(const InputDesktop&) = delete;

  /** Puts the calling thread on it; true when that was another one. Without the right to, all stays as it was. */
  bool follow();

 private:
  HDESK desktop_ = nullptr;
};

}  // namespace gc
