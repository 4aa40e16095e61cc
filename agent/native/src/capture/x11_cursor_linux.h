#pragma once

#include <optional>

#include "capture.h"
#include "x11_connection_linux.h"

namespace gc {

/** The pointer's picture and place, and which events tell that they changed. */
class X11Cursor {
 public:
  /** Throws std::runtime_error without XFixes. Without XInput 2 motion is only noticed at grabs. */
  explicit X11Cursor(X11Connection& connection);

  bool is_shape_event(const XEvent& event) const;
  bool is_motion_event(const XEvent& event) const;

  std::optional<CursorPicture> shape();
  std::optional<Point> position();

 private:
  void select_raw_motion();

  X11Connection& connection_;
  int fixes_event_base_ = 0;
  int input_opcode_ = -1;
};

}  // namespace gc
