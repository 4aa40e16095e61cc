#include "thread_safe_callback.h"

#include <memory>
#include <utility>

#include "event_to_js.h"

namespace gc {
namespace {

// One on its way to the wire and one behind it; more would only be older than what could be grabbed instead.
constexpr int kMaxQueuedFrames = 2;

}  // namespace

struct ThreadSafeCallback::Shared {
  std::function<void()> on_drained;
  std::function<void()> on_ended;
  std::atomic<int> queued_frames{0};
  std::atomic<bool> poster_waits{false};
  std::atomic<bool> closed{false};
};

ThreadSafeCallback::ThreadSafeCallback(const Napi::Env& env, const Napi::Function& callback,
                                       std::function<void()> on_drained, std::function<void()> on_ended)
    : shared_(new Shared{std::move(on_drained), std::move(on_ended)}),
      function_(Function::New(
          env, callback, "guruconnect capture", 0, 1, shared_,
          [](Napi::Env, void*, Shared* shared) { delete shared; }, static_cast<void*>(nullptr))) {}

ThreadSafeCallback::~ThreadSafeCallback() { close(); }

void ThreadSafeCallback::post(CaptureEvent event) {
  const bool is_frame = std::holds_alternative<FrameEvent>(event);
  auto owned = std::make_unique<CaptureEvent>(std::move(event));
  if (is_frame) ++shared_->queued_frames;
  if (function_.NonBlockingCall(owned.get()) == napi_ok) {
    owned.release();  // deliver() owns it now.
  } else if (is_frame) {
    --shared_->queued_frames;
  }
}

bool ThreadSafeCallback::is_full() {
  if (shared_->queued_frames <= kMaxQueuedFrames) return false;
  // Said before the second look, so that a frame delivered in between is not missed.
  shared_->poster_waits = true;
  return shared_->queued_frames > kMaxQueuedFrames;
}

void ThreadSafeCallback::close() {
  if (std::exchange(closed_, true)) return;
  shared_->closed = true;
  function_.Release();
}

void ThreadSafeCallback::deliver(Napi::Env env, Napi::Function callback, Shared* shared, CaptureEvent* event) {
  const std::unique_ptr<CaptureEvent> owned(event);
  // Without an environment it is being torn down, and `shared` may be gone as well.
  if (static_cast<napi_env>(env) == nullptr || shared->closed) return;
  if (std::holds_alternative<FrameEvent>(*owned)) {
    --shared->queued_frames;
    if (shared->poster_waits.exchange(false)) shared->on_drained();
  }
  const bool ended = std::holds_alternative<ClosedEvent>(*owned);
  if (ended) shared->on_ended();
  callback.Call({event_to_js(env, *owned)});
}

}  // namespace gc
