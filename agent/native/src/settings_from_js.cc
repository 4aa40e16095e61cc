#include "settings_from_js.h"

#include <cmath>

namespace gc {
namespace {

constexpr double kMaxBitrate = 1e9;
constexpr double kMaxFps = 240;
constexpr double kMaxRefinements = 1000;
constexpr double kMinScale = 0.1;
constexpr double kMaxThreads = 8;
constexpr double kMaxNiceness = 19;

double number_within(const Napi::Object& object, const char* name, double lowest, double highest) {
  const Napi::Value value = object.Get(name);
  if (!value.IsNumber()) throw Napi::TypeError::New(object.Env(), std::string(name) + " must be a number");
  const double number = value.As<Napi::Number>().DoubleValue();
  if (!(number >= lowest && number <= highest)) {
    throw Napi::RangeError::New(object.Env(), std::string(name) + " must be within " + std::to_string(lowest) +
                                                  " and " + std::to_string(highest));
  }
  return number;
}

int whole_within(const Napi::Object& object, const char* name, double lowest, double highest) {
  return static_cast<int>(std::lround(number_within(object, name, lowest, highest)));
}

Content content_from_js(const Napi::Object& object) {
  const std::string content = required_string(object, "content");
  if (content == "screen") return Content::kScreen;
  if (content == "motion") return Content::kMotion;
  throw Napi::TypeError::New(object.Env(), "content must be 'screen' or 'motion'");
}

EncoderChoice encoder_from_js(const Napi::Object& object) {
  const std::string encoder = required_string(object, "encoder");
  if (encoder == "auto" || encoder == "openh264") return EncoderChoice::kOpenH264;
  if (encoder == "media-foundation") return EncoderChoice::kMediaFoundation;
  throw Napi::TypeError::New(object.Env(), "encoder must be 'auto', 'openh264' or 'media-foundation'");
}

bool has(const Napi::Object& object, const char* name) { return !object.Get(name).IsUndefined(); }

}  // namespace

std::string required_string(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  if (!value.IsString()) throw Napi::TypeError::New(object.Env(), std::string(name) + " must be a string");
  return value.As<Napi::String>().Utf8Value();
}

Settings settings_from_js(const Napi::Object& object, Settings settings) {
  if (has(object, "bitrate")) settings.bitrate = whole_within(object, "bitrate", 1000, kMaxBitrate);
  if (has(object, "maxFps")) settings.max_fps = number_within(object, "maxFps", 1, kMaxFps);
  if (has(object, "content")) settings.content = content_from_js(object);
  if (has(object, "minQp")) settings.min_qp = whole_within(object, "minQp", 1, 51);
  if (has(object, "maxQp")) settings.max_qp = whole_within(object, "maxQp", 1, 51);
  if (has(object, "refinements")) settings.refinements = whole_within(object, "refinements", 0, kMaxRefinements);
  if (has(object, "scale")) settings.scale = number_within(object, "scale", kMinScale, 1);
  if (has(object, "threads")) settings.threads = whole_within(object, "threads", 1, kMaxThreads);
  if (has(object, "niceness")) settings.niceness = whole_within(object, "niceness", 0, kMaxNiceness);
  if (has(object, "encoder")) settings.encoder = encoder_from_js(object);
  if (settings.min_qp > settings.max_qp) {
    throw Napi::RangeError::New(object.Env(), "minQp must not be above maxQp");
  }
  return settings;
}

Settings complete_settings_from_js(const Napi::Object& object) {
  for (const char* name : {"bitrate", "maxFps", "content", "minQp", "maxQp", "refinements", "scale"}) {
    if (!has(object, name)) throw Napi::TypeError::New(object.Env(), std::string(name) + " is missing");
  }
  return settings_from_js(object, Settings{});
}

}  // namespace gc
