#include "sleeper_windows.h"

#include <algorithm>
#include <stdexcept>

#include "../clock.h"

#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 0x00000002
#endif

namespace gc {
namespace {

/** Longer ones are slept in pieces. */
constexpr double kLongestMs = 60'000;

HANDLE create_timer() {
  HANDLE timer = CreateWaitableTimerExW(nullptr, nullptr, CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, TIMER_ALL_ACCESS);
  return timer != nullptr ? timer : CreateWaitableTimerExW(nullptr, nullptr, 0, TIMER_ALL_ACCESS);
}

}  // namespace

Sleeper::Sleeper() : woken_(CreateEventW(nullptr, FALSE, FALSE, nullptr)), timer_(create_timer()) {
  if (woken_ != nullptr && timer_ != nullptr) return;
  if (woken_ != nullptr) CloseHandle(woken_);
  if (timer_ != nullptr) CloseHandle(timer_);
  throw std::runtime_error("cannot create a timer");
}

Sleeper::~Sleeper() {
  CloseHandle(woken_);
  CloseHandle(timer_);
}

bool Sleeper::sleep_until(double deadline_ms) {
  if (deadline_ms == kNever) return WaitForSingleObject(woken_, INFINITE) == WAIT_OBJECT_0;
  for (;;) {
    const double left_ms = deadline_ms - now_ms();
    if (left_ms <= 0) return WaitForSingleObject(woken_, 0) == WAIT_OBJECT_0;
    LARGE_INTEGER due;
    // Relative, in tenths of a microsecond.
    due.QuadPart = -static_cast<LONGLONG>(std::min(left_ms, kLongestMs) * 10'000) - 1;
    SetWaitableTimer(timer_, &due, 0, nullptr, nullptr, FALSE);
    const HANDLE handles[] = {woken_, timer_};
    if (WaitForMultipleObjects(2, handles, FALSE, INFINITE) == WAIT_OBJECT_0) return true;
  }
}

}  // namespace gc
