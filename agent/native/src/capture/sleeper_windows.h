#pragma once

#include <windows.h>

namespace gc {

/** Sleeps that another thread can end, to the millisecond where Windows can (10 1803), else to its tick of 15 ms. */
class Sleeper {
 public:
  /** Throws std::runtime_error. */
  Sleeper();
  ~Sleeper();
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

  /** Ends the sleep under way, or else the next one. Any thread. */
  void wake() { SetEvent(woken_); }

  /** True when it was woken; `deadline_ms` is of clock.h and may be kNever or past. */
  bool sleep_until(double deadline_ms);

 private:
  HANDLE woken_;
  HANDLE timer_;
};

}  // namespace gc
