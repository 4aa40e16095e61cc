#include "candidate_thread.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace gc {
namespace {

constexpr std::chrono::milliseconds kEndTime{500};

}  // namespace

/** Outlives both sides. Who works on the picture is decided by `asked`. */
struct CandidateThread::Shared {
  Shared(const Size& size, std::function<double()> clock) : now(std::move(clock)), picture(size) {}

  std::mutex mutex;
  std::condition_variable changed_state;
  bool asked = false;
  bool ending = false;
  bool ended = false;
  std::optional<CandidateAnswer> answer;

  const std::function<double()> now;
  I420Picture picture;
  std::vector<Rect> changed;
  FrameKind kind = FrameKind::kKey;
  double timestamp_ms = 0;
  Settings settings;
};

CandidateThread::CandidateThread(EncoderFactory factory, const Size& size, std::function<double()> now)
    : shared_(std::make_shared<Shared>(size, std::move(now))),
      thread_([shared = shared_, factory = std::move(factory)]() mutable {
        run(shared, factory);
        // What the factory holds is let go before the end is told.
        factory = nullptr;
        const std::lock_guard<std::mutex> lock(shared->mutex);
        shared->ended = true;
        shared->changed_state.notify_all();
      }) {}

CandidateThread::~CandidateThread() {
  end();
  std::unique_lock<std::mutex> lock(shared_->mutex);
  const bool ended = shared_->changed_state.wait_for(lock, kEndTime, [this] { return shared_->ended; });
  lock.unlock();
  if (ended) thread_.join();
  else thread_.detach();
}

void CandidateThread::begin(const I420Picture& picture, const std::vector<Rect>& changed, FrameKind kind,
                            double timestamp_ms, const Settings& settings) {
  const std::lock_guard<std::mutex> lock(shared_->mutex);
  shared_->picture = picture;
  shared_->changed = changed;
  shared_->kind = kind;
  shared_->timestamp_ms = timestamp_ms;
  shared_->settings = settings;
  shared_->answer.reset();
  shared_->asked = true;
  shared_->changed_state.notify_all();
}

std::optional<CandidateAnswer> CandidateThread::wait(double ms) {
  std::unique_lock<std::mutex> lock(shared_->mutex);
  shared_->changed_state.wait_for(lock, std::chrono::duration<double, std::milli>(ms),
                                  [this] { return shared_->answer.has_value(); });
  return std::exchange(shared_->answer, std::nullopt);
}

void CandidateThread::end() {
  const std::lock_guard<std::mutex> lock(shared_->mutex);
  shared_->ending = true;
  shared_->changed_state.notify_all();
}

void CandidateThread::run(const std::shared_ptr<Shared>& shared, const EncoderFactory& factory) {
  std::unique_ptr<Encoder> encoder;
  std::unique_lock<std::mutex> lock(shared->mutex);
  for (;;) {
    shared->changed_state.wait(lock, [&] { return shared->asked || shared->ending; });
    if (shared->ending) break;
    lock.unlock();
    CandidateAnswer answer;
    const double began = shared->now();
    try {
      if (encoder) encoder->configure(shared->settings);
      else encoder = factory(shared->picture.size(), shared->settings);
      answer.frame = encoder->encode(shared->picture, shared->changed, shared->kind, shared->timestamp_ms);
      answer.name = encoder->in_use().name;
    } catch (const std::exception& error) {
      answer.failure = error.what();
    } catch (...) {
      answer.failure = "failed";
    }
    answer.took_ms = shared->now() - began;
    lock.lock();
    shared->asked = false;
    shared->answer = std::move(answer);
    shared->changed_state.notify_all();
  }
  lock.unlock();
  // Here, on its own thread.
  encoder.reset();
}

}  // namespace gc
