// For tests and measurements only: the converter and the encoder without a desktop, and a decoder to judge them by.
#include <napi.h>
#include <wels/codec_api.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>

#include "../src/convert/bgra_to_i420.h"
#include "../src/encode/encoder.h"

namespace {

using Bytes = Napi::Buffer<std::uint8_t>;

struct DestroyDecoder {
  void operator()(ISVCDecoder* decoder) const {
    decoder->Uninitialize();
    WelsDestroyDecoder(decoder);
  }
};

std::shared_ptr<ISVCDecoder> create_decoder() {
  ISVCDecoder* raw = nullptr;
  if (WelsCreateDecoder(&raw) != 0) throw std::runtime_error("cannot create a decoder");
  std::shared_ptr<ISVCDecoder> decoder(raw, DestroyDecoder{});
  int quiet = WELS_LOG_QUIET;
  decoder->SetOption(DECODER_OPTION_TRACE_LEVEL, &quiet);
  SDecodingParam parameters{};
  parameters.eEcActiveIdc = ERROR_CON_DISABLE;
  parameters.sVideoProperty.eVideoBsType = VIDEO_BITSTREAM_AVC;
  if (decoder->Initialize(&parameters) != 0) throw std::runtime_error("cannot start the decoder");
  return decoder;
}

Bytes copy_plane(const Napi::Env& env, const std::uint8_t* plane, int stride, int width, int height) {
  Bytes packed = Bytes::New(env, static_cast<std::size_t>(width) * height);
  for (int y = 0; y < height; ++y) {
    std::copy_n(plane + static_cast<std::ptrdiff_t>(y) * stride, width, packed.Data() + std::ptrdiff_t{y} * width);
  }
  return packed;
}

Napi::Value decode(ISVCDecoder& decoder, const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Bytes data = info[0].As<Bytes>();
  std::uint8_t* planes[3] = {};
  SBufferInfo buffer{};
  const int state = decoder.DecodeFrameNoDelay(data.Data(), static_cast<int>(data.Length()), planes, &buffer);
  if (state != dsErrorFree) throw Napi::Error::New(env, "the stream does not decode, state " + std::to_string(state));
  if (buffer.iBufferStatus != 1) return env.Null();
  const SSysMEMBuffer& picture = buffer.UsrData.sSystemBuffer;
  Napi::Object object = Napi::Object::New(env);
  object.Set("width", Napi::Number::New(env, picture.iWidth));
  object.Set("height", Napi::Number::New(env, picture.iHeight));
  object.Set("y", copy_plane(env, planes[0], picture.iStride[0], picture.iWidth, picture.iHeight));
  object.Set("u", copy_plane(env, planes[1], picture.iStride[1], picture.iWidth / 2, picture.iHeight / 2));
  object.Set("v", copy_plane(env, planes[2], picture.iStride[1], picture.iWidth / 2, picture.iHeight / 2));
  return object;
}

Napi::Value open_decoder(const Napi::CallbackInfo& info) {
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("decode", Napi::Function::New(info.Env(), [decoder = create_decoder()](const Napi::CallbackInfo& call) {
    return decode(*decoder, call);
  }));
  return object;
}

Napi::Value convert(const Napi::CallbackInfo& info) {
  const Bytes bgra = info[0].As<Bytes>();
  const gc::Size size{info[1].As<Napi::Number>(), info[2].As<Napi::Number>()};
  gc::I420Picture picture(size);
  gc::bgra_to_i420(bgra.Data(), size.width * 4, {0, 0, size.width, size.height}, picture);
  return Bytes::Copy(info.Env(), picture.y(), static_cast<std::size_t>(size.width) * size.height * 3 / 2);
}

gc::Settings settings_from(const Napi::Object& object) {
  gc::Settings settings;
  settings.bitrate = object.Get("bitrate").As<Napi::Number>();
  settings.max_fps = object.Get("maxFps").As<Napi::Number>();
  settings.min_qp = object.Get("minQp").As<Napi::Number>();
  settings.max_qp = object.Get("maxQp").As<Napi::Number>();
  const bool motion = object.Get("content").As<Napi::String>().Utf8Value() == "motion";
  settings.content = motion ? gc::Content::kMotion : gc::Content::kScreen;
  return settings;
}

struct OpenEncoder {
  gc::I420Picture picture;
  std::unique_ptr<gc::Encoder> encoder;
};

std::vector<gc::Rect> rects_from(const Napi::Array& list) {
  std::vector<gc::Rect> rects;
  for (std::uint32_t i = 0; i < list.Length(); ++i) {
    const Napi::Object rect = list.Get(i).As<Napi::Object>();
    const auto number = [&rect](const char* name) { return rect.Get(name).As<Napi::Number>().Int32Value(); };
    rects.push_back({number("x"), number("y"), number("width"), number("height")});
  }
  return rects;
}

// encode(bgra | null, timestampMs, 'delta' | 'key' | 'refinement', changed); null repeats the picture.
Napi::Value encode(OpenEncoder& open, const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::vector<gc::Rect> changed;
  if (info[0].IsBuffer()) {
    const gc::Size& size = open.picture.size();
    changed = {{0, 0, size.width, size.height}};
    if (info[3].IsArray()) changed = rects_from(info[3].As<Napi::Array>());
    for (const gc::Rect& area : changed) {
      gc::bgra_to_i420(info[0].As<Bytes>().Data(), size.width * 4, area, open.picture);
    }
  }
  const std::string name = info[2].As<Napi::String>();
  const gc::FrameKind kind = name == "key"          ? gc::FrameKind::kKey
                             : name == "refinement" ? gc::FrameKind::kRefinement
                                                    : gc::FrameKind::kDelta;
  const gc::EncodedFrame frame =
      open.encoder->encode(open.picture, changed, kind, info[1].As<Napi::Number>().DoubleValue());
  Napi::Object object = Napi::Object::New(env);
  object.Set("data", Bytes::Copy(env, frame.data.data(), frame.data.size()));
  object.Set("keyFrame", Napi::Boolean::New(env, frame.key_frame));
  object.Set("qp", Napi::Number::New(env, frame.qp));
  object.Set("sharp", Napi::Boolean::New(env, frame.sharp));
  return object;
}

Napi::Value open_encoder(const Napi::CallbackInfo& info) {
  const gc::Size size{info[0].As<Napi::Number>(), info[1].As<Napi::Number>()};
  const gc::Settings settings = settings_from(info[2].As<Napi::Object>());
  auto open = std::make_shared<OpenEncoder>(OpenEncoder{gc::I420Picture(size), gc::create_openh264_encoder(size, settings)});
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("encode", Napi::Function::New(info.Env(), [open](const Napi::CallbackInfo& call) {
    return encode(*open, call);
  }));
  object.Set("configure", Napi::Function::New(info.Env(), [open](const Napi::CallbackInfo& call) {
    open->encoder->configure(settings_from(call[0].As<Napi::Object>()));
  }));
  return object;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports.Set("openDecoder", Napi::Function::New(env, open_decoder, "openDecoder"));
  exports.Set("openEncoder", Napi::Function::New(env, open_encoder, "openEncoder"));
  exports.Set("convert", Napi::Function::New(env, convert, "convert"));
  return exports;
}

}  // namespace

NODE_API_MODULE(gc_native_probe, init)
