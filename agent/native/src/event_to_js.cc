#include "event_to_js.h"

namespace gc {
namespace {

// Copied rather than lent: a frame is small, and the buffer then lives and dies with JavaScript alone.
Napi::Value to_buffer(const Napi::Env& env, const std::vector<std::uint8_t>& bytes) {
  return Napi::Buffer<std::uint8_t>::Copy(env, bytes.data(), bytes.size());
}

struct Writer {
  Napi::Env env;
  Napi::Object object;

  template <typename Value>
  void set(const char* name, const Value& value) {
    object.Set(name, value);
  }

  void operator()(const FrameEvent& frame) {
    set("type", "frame");
    set("data", to_buffer(env, frame.data));
    set("keyFrame", Napi::Boolean::New(env, frame.key_frame));
    set("frameId", Napi::Number::New(env, frame.frame_id));
    set("width", Napi::Number::New(env, frame.size.width));
    set("height", Napi::Number::New(env, frame.size.height));
    set("capturedAtMs", Napi::Number::New(env, frame.captured_at_ms));
    set("grabMs", Napi::Number::New(env, frame.grab_ms));
    set("convertMs", Napi::Number::New(env, frame.convert_ms));
    set("encodeMs", Napi::Number::New(env, frame.encode_ms));
    set("damagedPixels", Napi::Number::New(env, static_cast<double>(frame.damaged_pixels)));
    set("refinement", Napi::Boolean::New(env, frame.refinement));
    set("qp", Napi::Number::New(env, frame.qp));
  }

  void operator()(const CursorPicture& shape) {
    set("type", "cursor-shape");
    set("width", Napi::Number::New(env, shape.size.width));
    set("height", Napi::Number::New(env, shape.size.height));
    set("hotspotX", Napi::Number::New(env, shape.hotspot.x));
    set("hotspotY", Napi::Number::New(env, shape.hotspot.y));
    set("rgba", to_buffer(env, shape.rgba));
  }

  void operator()(const CursorPositionEvent& position) {
    set("type", "cursor-position");
    set("x", Napi::Number::New(env, position.at.x));
    set("y", Napi::Number::New(env, position.at.y));
  }

  void operator()(const DisplaysChangedEvent&) { set("type", "displays-changed"); }

  void operator()(const ClosedEvent& closed) {
    set("type", "closed");
    set("reason", Napi::String::New(env, closed.reason));
  }
};

}  // namespace

Napi::Object event_to_js(const Napi::Env& env, const CaptureEvent& event) {
  Writer writer{env, Napi::Object::New(env)};
  std::visit(writer, event);
  return writer.object;
}

}  // namespace gc
