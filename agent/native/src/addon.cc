#include <napi.h>

#include <memory>
#include <string>

#include "capture/capture.h"
#include "capture_session.h"
#include "dpi_awareness.h"
#include "settings_from_js.h"
#include "tiles/tile_request_from_js.h"

#ifndef GC_NATIVE_VERSION
#error "the build passes GC_NATIVE_VERSION"
#endif

namespace {

Napi::Object display_to_js(const Napi::Env& env, const gc::DisplayInfo& info) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("id", info.id);
  object.Set("name", info.name);
  object.Set("x", Napi::Number::New(env, info.area.x));
  object.Set("y", Napi::Number::New(env, info.area.y));
  object.Set("width", Napi::Number::New(env, info.area.width));
  object.Set("height", Napi::Number::New(env, info.area.height));
  object.Set("primary", Napi::Boolean::New(env, info.primary));
  return object;
}

Napi::Object capture_to_js(const Napi::Env& env, const std::shared_ptr<gc::CaptureSession>& session) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("configure", Napi::Function::New(env, [session](const Napi::CallbackInfo& info) {
    session->configure(gc::settings_from_js(info[0].ToObject(), session->settings()));
  }));
  object.Set("requestKeyFrame",
             Napi::Function::New(env, [session](const Napi::CallbackInfo&) { session->request_key_frame(); }));
  object.Set("requestTiles", Napi::Function::New(env, [session](const Napi::CallbackInfo& info) {
    session->request_tiles(gc::tile_request_from_js(info[0].ToObject()));
  }));
  object.Set("pause", Napi::Function::New(env, [session](const Napi::CallbackInfo&) { session->set_paused(true); }));
  object.Set("resume", Napi::Function::New(env, [session](const Napi::CallbackInfo&) { session->set_paused(false); }));
  object.Set("close", Napi::Function::New(env, [session](const Napi::CallbackInfo&) { session->close(); }));
  return object;
}

Napi::Value list_displays(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsString()) throw Napi::TypeError::New(env, "display must be a string");
  try {
    const auto displays = gc::list_displays(info[0].As<Napi::String>().Utf8Value());
    Napi::Array list = Napi::Array::New(env, displays.size());
    for (std::size_t i = 0; i < displays.size(); ++i) {
      list.Set(static_cast<std::uint32_t>(i), display_to_js(env, displays[i]));
    }
    return list;
  } catch (const Napi::Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Napi::Error::New(env, error.what());
  }
}

Napi::Value open_capture(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject() || !info[1].IsFunction()) {
    throw Napi::TypeError::New(env, "openCapture takes options and a function");
  }
  const Napi::Object options = info[0].As<Napi::Object>();
  const gc::CaptureTarget target{gc::required_string(options, "display"), gc::required_string(options, "displayId")};
  const gc::Settings settings = gc::complete_settings_from_js(options);
  try {
    return capture_to_js(env, gc::CaptureSession::open(env, target, settings, info[1].As<Napi::Function>()));
  } catch (const Napi::Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Napi::Error::New(env, error.what());
  }
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  gc::see_true_pixels();
  exports.Set("version", GC_NATIVE_VERSION);
  exports.Set("listDisplays", Napi::Function::New(env, list_displays, "listDisplays"));
  exports.Set("openCapture", Napi::Function::New(env, open_capture, "openCapture"));
  return exports;
}

}  // namespace

NODE_API_MODULE(gc_native, init)
