#include "x11_cursor_linux.h"

#include <X11/extensions/XInput2.h>
#include <X11/extensions/Xfixes.h>

#include <cstddef>
#include <stdexcept>

namespace gc {
namespace {

std::uint8_t unpremultiply(unsigned long channel, unsigned long alpha) {
  const unsigned long straight = alpha == 0 ? 0 : (channel * 255 + alpha / 2) / alpha;
  return static_cast<std::uint8_t>(straight > 255 ? 255 : straight);
}

}  // namespace

X11Cursor::X11Cursor(X11Connection& connection) : connection_(connection) {
  Display* display = connection.get();
  int error = 0;
  if (!XFixesQueryExtension(display, &fixes_event_base_, &error)) {
    throw std::runtime_error("the X server has no XFIXES extension");
  }
  XFixesSelectCursorInput(display, connection.root(), XFixesDisplayCursorNotifyMask);
  select_raw_motion();
}

// Raw events reach us whichever window the pointer is over and whoever grabbed it, without polling.
void X11Cursor::select_raw_motion() {
  Display* display = connection_.get();
  int event = 0, error = 0, major = 2, minor = 2;
  int opcode = -1;
  if (!XQueryExtension(display, "XInputExtension", &opcode, &event, &error)) return;
  if (XIQueryVersion(display, &major, &minor) != Success) return;
  unsigned char bits[XIMaskLen(XI_RawMotion)] = {};
  XISetMask(bits, XI_RawMotion);
  XIEventMask mask{XIAllMasterDevices, static_cast<int>(sizeof(bits)), bits};
  if (XISelectEvents(display, connection_.root(), &mask, 1) == Success) input_opcode_ = opcode;
}

bool X11Cursor::is_shape_event(const XEvent& event) const {
  return event.type == fixes_event_base_ + XFixesCursorNotify;
}

bool X11Cursor::is_motion_event(const XEvent& event) const {
  return event.type == GenericEvent && event.xcookie.extension == input_opcode_ &&
         event.xcookie.evtype == XI_RawMotion;
}

std::optional<CursorPicture> X11Cursor::shape() {
  XFixesCursorImage* image = XFixesGetCursorImage(connection_.get());
  connection_.throw_if_lost();
  if (image == nullptr) return std::nullopt;
  CursorPicture shape{{image->width, image->height}, {image->xhot, image->yhot}, {}};
  const std::size_t pixels = static_cast<std::size_t>(image->width) * image->height;
  shape.rgba.reserve(pixels * 4);
  for (std::size_t i = 0; i < pixels; ++i) {
    const unsigned long argb = image->pixels[i];
    const unsigned long alpha = (argb >> 24) & 0xff;
    shape.rgba.push_back(unpremultiply((argb >> 16) & 0xff, alpha));
    shape.rgba.push_back(unpremultiply((argb >> 8) & 0xff, alpha));
    shape.rgba.push_back(unpremultiply(argb & 0xff, alpha));
    shape.rgba.push_back(static_cast<std::uint8_t>(alpha));
  }
  XFree(image);
  return shape;
}

std::optional<Point> X11Cursor::position() {
  Window root = 0, child = 0;
  Point at, in_window;
  unsigned int buttons = 0;
  const bool here = XQueryPointer(connection_.get(), connection_.root(), &root, &child, &at.x, &at.y, &in_window.x,
                                  &in_window.y, &buttons) != 0;
  connection_.throw_if_lost();
  if (!here) return std::nullopt;
  return at;
}

}  // namespace gc
