#pragma once

#include <windows.h>

#include <optional>

#include "capture.h"

namespace gc {

CursorPicture invisible_cursor();

/** Nothing when the cursor was destroyed meanwhile. What inverts the screen below it becomes black with a white edge. */
std::optional<CursorPicture> picture_of(HCURSOR cursor);

}  // namespace gc
