#pragma once

#include <napi.h>

#include <memory>

#include "pipeline.h"
#include "settings.h"
#include "thread_safe_callback.h"

namespace gc {

/**
 * What stands behind one `NativeCapture`. It keeps itself alive until closed, by JavaScript, by the end of the
 * capture, or by the end of the environment. JavaScript thread only.
 */
class CaptureSession : public std::enable_shared_from_this<CaptureSession> {
 public:
  static std::shared_ptr<CaptureSession> open(const Napi::Env& env, const CaptureTarget& target,
                                              const Settings& settings, const Napi::Function& on_event);
  ~CaptureSession();
  CaptureSession(const CaptureSession&) = delete;
  CaptureSession& operator=(const CaptureSession&) = delete;

  const Settings& settings() const { return settings_; }
  void configure(const Settings& settings);
  void request_key_frame();
  void set_paused(bool paused);
  void request_tiles(TileRequest request);
  void close();

 private:
  CaptureSession(const Napi::Env& env, const CaptureTarget& target, const Settings& settings,
                 const Napi::Function& on_event);
  static void close_with_environment(void* session);

  napi_env env_;
  Settings settings_;
  std::unique_ptr<ThreadSafeCallback> callback_;
  std::unique_ptr<Pipeline> pipeline_;
  std::shared_ptr<CaptureSession> keep_alive_;
};

}  // namespace gc
