#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capture.h"
#include "x11_connection_linux.h"

namespace gc {

std::vector<DisplayInfo> query_displays(X11Connection& connection);
std::optional<DisplayInfo> find_display(X11Connection& connection, const std::string& id);

}  // namespace gc
