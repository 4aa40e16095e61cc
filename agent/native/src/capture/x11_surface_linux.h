#pragma once

#include <X11/Xlib.h>
#include <X11/extensions/XShm.h>

#include <cstdint>

#include "../geometry.h"
#include "x11_connection_linux.h"

namespace gc {

/** A piece of memory shared with the X server that mirrors one rectangle of the root window. */
class X11Surface {
 public:
  /** Throws std::runtime_error without MIT-SHM (a remote display) or with a pixel format other than 32-bit BGRX. */
  X11Surface(X11Connection& connection, const Rect& area);
  ~X11Surface();
  X11Surface(const X11Surface&) = delete;
  X11Surface& operator=(const X11Surface&) = delete;

  /** Reads full rows in place; false when the rectangle is no longer inside the screen. */
  bool read_rows(int first, int count);

  const std::uint8_t* pixels() const { return reinterpret_cast<const std::uint8_t*>(segment_.shmaddr); }
  int stride() const { return image_->bytes_per_line; }
  const Rect& area() const { return area_; }

 private:
  void create_image();
  void attach();
  void release();

  X11Connection& connection_;
  Rect area_;
  XImage* image_ = nullptr;
  XShmSegmentInfo segment_{};
  bool attached_ = false;
};

}  // namespace gc
