#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "capture/capture.h"
#include "tiles/tile.h"
#include "tiles/tile_grid.h"

namespace gc {

/** One access unit with what it cost to make; the fields are those of `NativeFrame` in addon.d.ts. */
struct FrameEvent {
  std::vector<std::uint8_t> data;
  bool key_frame = false;
  std::uint32_t frame_id = 0;
  Size size;
  double captured_at_ms = 0;
  double grab_ms = 0;
  double convert_ms = 0;
  double encode_ms = 0;
  std::int64_t damaged_pixels = 0;
  bool refinement = false;
  int qp = -1;
  /** What changed since the frame before, in pixels of the display. */
  ChangedTiles changed_tiles{Size{}};
};

struct CursorPositionEvent {
  Point at;
};

/** Another encoder makes the pictures from now on, or another reason is known why it does. */
struct EncoderEvent {
  std::string name;
  std::string reason;
};

struct DisplaysChangedEvent {};

struct ClosedEvent {
  std::string reason;
};

using CaptureEvent =
    std::variant<FrameEvent, CursorPicture, CursorPositionEvent, EncoderEvent, DisplaysChangedEvent, ClosedEvent,
                 TilesEvent>;

}  // namespace gc
