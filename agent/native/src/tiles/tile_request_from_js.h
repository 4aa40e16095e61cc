#pragma once

#include <napi.h>

#include "tile.h"

namespace gc {

/** Throws a Napi::TypeError or RangeError that says what is wrong. */
TileRequest tile_request_from_js(const Napi::Object& object);

}  // namespace gc
