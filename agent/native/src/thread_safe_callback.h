#pragma once

#include <napi.h>

#include <atomic>
#include <functional>

#include "event_sink.h"

namespace gc {

/**
 * The one way from a capture thread to JavaScript. Made and closed on the JavaScript thread, posted to from one other.
 */
class ThreadSafeCallback final : public EventSink {
 public:
  /** `on_drained` runs on the JavaScript thread when a full queue has room again, `on_ended` after a closed event. */
  ThreadSafeCallback(const Napi::Env& env, const Napi::Function& callback, std::function<void()> on_drained,
                     std::function<void()> on_ended);
  ~ThreadSafeCallback() override;
  ThreadSafeCallback(const ThreadSafeCallback&) = delete;
  ThreadSafeCallback& operator=(const ThreadSafeCallback&) = delete;

  void post(CaptureEvent event) override;
  bool is_full() override;

  /** Nothing is delivered from here on. The posting thread must have ended. */
  void close();

 private:
  struct Shared;
  static void deliver(Napi::Env env, Napi::Function callback, Shared* shared, CaptureEvent* event);
  using Function = Napi::TypedThreadSafeFunction<Shared, CaptureEvent, deliver>;

  /** Owned by the function's finalizer: queued events may arrive after this object has gone. */
  Shared* shared_;
  Function function_;
  bool closed_ = false;
};

}  // namespace gc
