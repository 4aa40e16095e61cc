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
    set("tiles", changed_tiles(frame.changed_tiles));
  }

  Napi::Object changed_tiles(const ChangedTiles& tiles) const {
    Napi::Object changed = Napi::Object::New(env);
    changed.Set("surfaceWidth", Napi::Number::New(env, tiles.surface().width));
    changed.Set("surfaceHeight", Napi::Number::New(env, tiles.surface().height));
    // Most frames that change nothing are refinements, and most of the others change little.
    changed.Set("changed", to_buffer(env, tiles.any() ? tiles.bits() : std::vector<std::uint8_t>{}));
    return changed;
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

  void operator()(const EncoderEvent& encoder) {
    set("type", "encoder");
    set("name", Napi::String::New(env, encoder.name));
    set("reason", Napi::String::New(env, encoder.reason));
  }

  void operator()(const DisplaysChangedEvent&) { set("type", "displays-changed"); }

  void operator()(const TilesEvent& answer) {
    set("type", "tiles");
    set("id", Napi::Number::New(env, answer.id));
    set("frameId", Napi::Number::New(env, answer.frame_id));
    set("surfaceWidth", Napi::Number::New(env, answer.surface.width));
    set("surfaceHeight", Napi::Number::New(env, answer.surface.height));
    set("abandoned", Napi::Boolean::New(env, answer.abandoned));
    Napi::Array tiles = Napi::Array::New(env, answer.tiles.size());
    for (std::size_t i = 0; i < answer.tiles.size(); ++i) {
      tiles.Set(static_cast<std::uint32_t>(i), tile(answer.tiles[i]));
    }
    set("tiles", tiles);
    Napi::Array plain = Napi::Array::New(env, answer.plain.size());
    for (std::size_t i = 0; i < answer.plain.size(); ++i) {
      plain.Set(static_cast<std::uint32_t>(i), Napi::Number::New(env, answer.plain[i]));
    }
    set("plain", plain);
  }

  Napi::Object tile(const Tile& tile) const {
    Napi::Object one = Napi::Object::New(env);
    one.Set("index", Napi::Number::New(env, tile.index));
    one.Set("hash", Napi::Number::New(env, static_cast<double>(tile.hash)));
    one.Set("colours", to_buffer(env, tile.colours));
    one.Set("pixels", to_buffer(env, tile.pixels));
    return one;
  }

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
