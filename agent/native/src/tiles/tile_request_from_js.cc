#include "tile_request_from_js.h"

namespace gc {
namespace {

constexpr std::uint32_t kMaxTiles = 65'536;

std::uint32_t whole_number(const Napi::Env& env, const Napi::Value& value, std::uint32_t highest) {
  if (!value.IsNumber()) throw Napi::TypeError::New(env, "a tile request is made of numbers");
  const double number = value.As<Napi::Number>().DoubleValue();
  if (!(number >= 0 && number <= highest)) throw Napi::RangeError::New(env, "a number of the tile request is too large");
  return static_cast<std::uint32_t>(number);
}

}  // namespace

TileRequest tile_request_from_js(const Napi::Object& object) {
  const Napi::Env env = object.Env();
  TileRequest request;
  request.id = whole_number(env, object.Get("id"), 0xffff'ffff);
  request.limit = static_cast<int>(whole_number(env, object.Get("limit"), kMaxTiles));
  request.coarse = object.Get("coarse").ToBoolean();
  if (!object.Get("tiles").IsArray()) throw Napi::TypeError::New(env, "tiles must be a list");
  const Napi::Array tiles = object.Get("tiles").As<Napi::Array>();
  if (tiles.Length() > kMaxTiles) throw Napi::RangeError::New(env, "too many tiles");
  for (std::uint32_t i = 0; i < tiles.Length(); ++i) {
    request.tiles.push_back(whole_number(env, tiles.Get(i), kMaxTiles));
  }
  return request;
}

}  // namespace gc
