#include "x11_connection_linux.h"

#include <unistd.h>

#include <mutex>
#include <stdexcept>

#include "capture.h"

namespace gc {
namespace {

// Xlib calls the handler on the thread that reads the reply, which is the thread that owns the connection.
thread_local int last_error = 0;

int remember_error(Display*, XErrorEvent* event) {
  last_error = event->error_code;
  return 0;
}

int stay_silent(Display*) { return 0; }

void mark_lost(Display*, void* lost) { *static_cast<bool*>(lost) = true; }

// The two handlers are global to the process and their defaults call exit().
void install_handlers_once() {
  static std::once_flag once;
  std::call_once(once, [] {
    XInitThreads();
    XSetErrorHandler(remember_error);
    XSetIOErrorHandler(stay_silent);
  });
}

}  // namespace

X11Connection::X11Connection(const std::string& name) {
  install_handlers_once();
  display_ = XOpenDisplay(name.c_str());
  if (display_ == nullptr) throw std::runtime_error("cannot open the X display '" + name + "'");
  XSetIOErrorExitHandler(display_, mark_lost, &lost_);
  last_error = 0;
}

X11Connection::~X11Connection() {
  if (!lost_) XCloseDisplay(display_);
  // Xlib must not be entered again after an I/O error; only the descriptor is given back.
  if (lost_) ::close(ConnectionNumber(display_));
}

void X11Connection::throw_if_lost() const {
  if (lost_) throw CaptureLost("the display server went away");
}

int X11Connection::sync_and_take_error() {
  XSync(display_, False);
  throw_if_lost();
  const int error = last_error;
  last_error = 0;
  return error;
}

}  // namespace gc
