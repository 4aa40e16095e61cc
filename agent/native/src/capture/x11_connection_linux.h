#pragma once

#include <X11/Xlib.h>

#include <string>

namespace gc {

/**
 * A connection of our own to the X server that survives the server's death: Xlib's default is to end the process.
 * Used by one thread only.
 */
class X11Connection {
 public:
  /** Throws std::runtime_error when the display cannot be opened. */
  explicit X11Connection(const std::string& name);
  ~X11Connection();
  X11Connection(const X11Connection&) = delete;
  X11Connection& operator=(const X11Connection&) = delete;

  Display* get() const { return display_; }
  Window root() const { return DefaultRootWindow(display_); }
  int fd() const { return ConnectionNumber(display_); }

  /** Throws CaptureLost once the server has gone; call after every round trip. */
  void throw_if_lost() const;

  /** Waits for the server and returns the code of the last X error since the call before, 0 for none. */
  int sync_and_take_error();

 private:
  Display* display_;
  bool lost_ = false;
};

}  // namespace gc
