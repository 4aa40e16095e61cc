#include "capture_session.h"

#include <utility>

namespace gc {

std::shared_ptr<CaptureSession> CaptureSession::open(const Napi::Env& env, const CaptureTarget& target,
                                                     const Settings& settings, const Napi::Function& on_event) {
  std::shared_ptr<CaptureSession> session(new CaptureSession(env, target, settings, on_event));
  session->keep_alive_ = session;
  napi_add_env_cleanup_hook(env, close_with_environment, session.get());
  session->pipeline_->start();
  return session;
}

CaptureSession::CaptureSession(const Napi::Env& env, const CaptureTarget& target, const Settings& settings,
                               const Napi::Function& on_event)
    : env_(env), settings_(settings) {
  std::unique_ptr<Capture> capture = open_capture(target);
  callback_ = std::make_unique<ThreadSafeCallback>(
      env, on_event, [this] { pipeline_->wake(); }, [this] { close(); });
  pipeline_ = std::make_unique<Pipeline>(std::move(capture), settings, *callback_);
}

CaptureSession::~CaptureSession() = default;

void CaptureSession::configure(const Settings& settings) {
  settings_ = settings;
  if (pipeline_) pipeline_->configure(settings);
}

void CaptureSession::request_key_frame() {
  if (pipeline_) pipeline_->request_key_frame();
}

void CaptureSession::set_paused(bool paused) {
  if (pipeline_) pipeline_->set_paused(paused);
}

void CaptureSession::request_tiles(TileRequest request) {
  if (pipeline_) pipeline_->request_tiles(std::move(request));
}

void CaptureSession::close() {
  // The last reference may be the one dropped here.
  const std::shared_ptr<CaptureSession> self = std::move(keep_alive_);
  if (!pipeline_) return;
  napi_remove_env_cleanup_hook(env_, close_with_environment, this);
  pipeline_.reset();
  callback_->close();
}

void CaptureSession::close_with_environment(void* session) { static_cast<CaptureSession*>(session)->close(); }

}  // namespace gc
