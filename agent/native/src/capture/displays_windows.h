#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capture.h"

namespace gc {

/** Monitors by their device names, for example `\\.\DISPLAY1`; left of and above the primary one lies below zero. */
std::vector<DisplayInfo> query_displays();
std::optional<DisplayInfo> find_display(const std::string& id);

}  // namespace gc
