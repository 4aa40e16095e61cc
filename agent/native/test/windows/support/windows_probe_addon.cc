// For tests only: how the capture reads cursors, compares pictures and joins areas, made reachable without a desktop to look at.
#include <napi.h>
#include <windows.h>

#include <cstring>
#include <stdexcept>
#include <string>

#include "../../../src/capture/changed_areas_windows.h"
#include "../../../src/capture/cursor_picture_windows.h"
#include "../../../src/capture/disjoint_areas_windows.h"
#include "../../../src/capture/screen_reader_windows.h"
#include "../../../src/clock.h"

namespace {

constexpr int kSide = 32;
constexpr int kRowBytes = kSide / 8;

// The upper left quarter red; the lower right one, if there is alpha, half transparent green; the rest clear.
HCURSOR colour_cursor(bool alpha) {
  std::uint32_t colours[kSide * kSide] = {};
  std::uint8_t mask[kSide * kRowBytes];
  std::memset(mask, 0xff, sizeof(mask));
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const bool red = x < kSide / 2 && y < kSide / 2, green = alpha && x >= kSide / 2 && y >= kSide / 2;
      if (red) colours[y * kSide + x] = alpha ? 0xffff0000 : 0xff0000;
      if (green) colours[y * kSide + x] = 0x8000ff00;
      if (red || green) mask[y * kRowBytes + x / 8] &= static_cast<std::uint8_t>(~(0x80 >> (x % 8)));
    }
  }
  BITMAPINFO format{};
  format.bmiHeader = {sizeof(format.bmiHeader), kSide, -kSide, 1, 32, BI_RGB, 0, 0, 0, 0, 0};
  void* pixels = nullptr;
  HDC screen = GetDC(nullptr);
  HBITMAP colour = CreateDIBSection(screen, &format, DIB_RGB_COLORS, &pixels, nullptr, 0);
  ReleaseDC(nullptr, screen);
  std::memcpy(pixels, colours, sizeof(colours));
  ICONINFO info{FALSE, 3, 5, CreateBitmap(kSide, kSide, 1, 1, mask), colour};
  HCURSOR cursor = CreateIconIndirect(&info);
  DeleteObject(info.hbmMask);
  DeleteObject(info.hbmColor);
  return cursor;
}

// Eight rows each: black, white, clear, inverted.
HCURSOR mono_cursor() {
  std::uint8_t and_mask[kSide * kRowBytes], xor_mask[kSide * kRowBytes];
  for (int row = 0; row < kSide; ++row) {
    std::memset(and_mask + row * kRowBytes, row / 8 < 2 ? 0 : 0xff, kRowBytes);
    std::memset(xor_mask + row * kRowBytes, row / 8 % 2 == 0 ? 0 : 0xff, kRowBytes);
  }
  return CreateCursor(nullptr, 7, 9, kSide, kSide, and_mask, xor_mask);
}

HCURSOR cursor_of(const std::string& kind) {
  if (kind == "mono") return mono_cursor();
  return colour_cursor(kind == "alpha");
}

Napi::Value cursor_picture(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  HCURSOR cursor = cursor_of(info[0].As<Napi::String>());
  const std::optional<gc::CursorPicture> picture = gc::picture_of(cursor);
  DestroyCursor(cursor);
  if (!picture) return env.Null();
  Napi::Object object = Napi::Object::New(env);
  object.Set("width", picture->size.width);
  object.Set("height", picture->size.height);
  object.Set("hotspotX", picture->hotspot.x);
  object.Set("hotspotY", picture->hotspot.y);
  object.Set("rgba", Napi::Buffer<std::uint8_t>::Copy(env, picture->rgba.data(), picture->rgba.size()));
  return object;
}

Napi::Value to_js(const Napi::Env& env, const std::vector<gc::Rect>& areas) {
  Napi::Array found = Napi::Array::New(env, areas.size());
  for (std::size_t i = 0; i < areas.size(); ++i) {
    Napi::Array area = Napi::Array::New(env, 4);
    const int numbers[] = {areas[i].x, areas[i].y, areas[i].width, areas[i].height};
    for (std::uint32_t at = 0; at < 4; ++at) area.Set(at, numbers[at]);
    found.Set(static_cast<std::uint32_t>(i), area);
  }
  return found;
}

/** Pictures of one colour that differ in the given rectangles (each four numbers); the areas found, alike. */
Napi::Value changed_areas(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const gc::Size size{info[0].ToNumber().Int32Value(), info[1].ToNumber().Int32Value()};
  const Napi::Array rects = info[2].As<Napi::Array>();
  const int stride = size.width * 4;
  std::vector<std::uint8_t> before(static_cast<std::size_t>(stride) * size.height, 77);
  std::vector<std::uint8_t> now = before;
  for (std::uint32_t i = 0; i < rects.Length(); ++i) {
    const Napi::Array r = rects.Get(i).As<Napi::Array>();
    const auto number = [&](std::uint32_t at) { return r.Get(at).ToNumber().Int32Value(); };
    for (int y = number(1); y < number(1) + number(3); ++y) {
      std::memset(&now[static_cast<std::size_t>(y) * stride + number(0) * 4], 78, static_cast<std::size_t>(number(2)) * 4);
    }
  }
  const std::vector<gc::Rect> areas = gc::changed_areas(before.data(), now.data(), stride, size);
  return to_js(env, areas);
}

/** What is left of rectangles (each four numbers) that may overlap. */
Napi::Value disjoint_areas(const Napi::CallbackInfo& info) {
  const Napi::Array rects = info[0].As<Napi::Array>();
  gc::DisjointAreas areas;
  for (std::uint32_t i = 0; i < rects.Length(); ++i) {
    const Napi::Array r = rects.Get(i).As<Napi::Array>();
    const auto number = [&](std::uint32_t at) { return r.Get(at).ToNumber().Int32Value(); };
    areas.add({number(0), number(1), number(2), number(3)});
  }
  return to_js(info.Env(), areas.areas());
}

/** Opens the first monitor by duplication alone, or by what the capture would choose: why not, and how long it took. */
Napi::Value open_reader(const Napi::CallbackInfo& info) {
  const bool by_dxgi = info[0].As<Napi::String>().Utf8Value() == "dxgi";
  const gc::Rect area{0, 0, info[1].ToNumber().Int32Value(), info[2].ToNumber().Int32Value()};
  const std::string id = "\\\\.\\DISPLAY1";
  Napi::Object result = Napi::Object::New(info.Env());
  const double began = gc::now_ms();
  try {
    const auto reader = by_dxgi ? gc::open_dxgi_reader(id, area) : gc::open_screen_reader(id, area);
    result.Set("isTold", reader->is_told());
  } catch (const gc::ReadingFailed& error) {
    result.Set("failure", error.what());
  }
  result.Set("tookMs", gc::now_ms() - began);
  return result;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports.Set("cursorPicture", Napi::Function::New(env, cursor_picture));
  exports.Set("changedAreas", Napi::Function::New(env, changed_areas));
  exports.Set("disjointAreas", Napi::Function::New(env, disjoint_areas));
  exports.Set("openReader", Napi::Function::New(env, open_reader));
  return exports;
}

}  // namespace

NODE_API_MODULE(gc_native_probe, init)
