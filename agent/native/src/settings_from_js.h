#pragma once

#include <napi.h>

#include "settings.h"

namespace gc {

/** Overwrites what the object names. Throws a Napi::TypeError or RangeError that says which field is wrong. */
Settings settings_from_js(const Napi::Object& object, Settings settings);

/** Like above with nothing to fall back on: every field must be there. */
Settings complete_settings_from_js(const Napi::Object& object);

std::string required_string(const Napi::Object& object, const char* name);

}  // namespace gc
