#pragma once

#include <napi.h>

#include "events.h"

namespace gc {

/** The event as addon.d.ts describes it. */
Napi::Object event_to_js(const Napi::Env& env, const CaptureEvent& event);

}  // namespace gc
