#include "x11_surface_linux.h"

#include <X11/Xutil.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include <cstddef>
#include <stdexcept>

#include "capture.h"

namespace gc {
namespace {

bool is_bgrx(const XImage& image) {
  return image.bits_per_pixel == 32 && image.byte_order == LSBFirst && image.red_mask == 0xff0000 &&
         image.green_mask == 0xff00 && image.blue_mask == 0xff;
}

}  // namespace

X11Surface::X11Surface(X11Connection& connection, const Rect& area) : connection_(connection), area_(area) {
  segment_.shmid = -1;
  try {
    create_image();
    attach();
  } catch (...) {
    release();
    throw;
  }
}

X11Surface::~X11Surface() { release(); }

void X11Surface::create_image() {
  Display* display = connection_.get();
  if (!XShmQueryExtension(display)) throw std::runtime_error("the X server has no MIT-SHM extension");
  const int screen = DefaultScreen(display);
  image_ = XShmCreateImage(display, DefaultVisual(display, screen), DefaultDepth(display, screen), ZPixmap, nullptr,
                           &segment_, area_.width, area_.height);
  if (image_ == nullptr || !is_bgrx(*image_)) {
    throw std::runtime_error("the X server's pixel format is not 32-bit BGRX");
  }
}

void X11Surface::attach() {
  const std::size_t bytes = static_cast<std::size_t>(image_->bytes_per_line) * area_.height;
  segment_.shmid = shmget(IPC_PRIVATE, bytes, IPC_CREAT | 0600);
  if (segment_.shmid < 0) throw std::runtime_error("cannot get shared memory for the screen");
  void* address = shmat(segment_.shmid, nullptr, 0);
  if (address == reinterpret_cast<void*>(-1)) throw std::runtime_error("cannot map shared memory for the screen");
  segment_.shmaddr = static_cast<char*>(address);
  segment_.readOnly = False;
  connection_.sync_and_take_error();
  attached_ = XShmAttach(connection_.get(), &segment_) != 0;
  const bool refused = connection_.sync_and_take_error() != 0;
  // Marked for removal at once: the kernel frees it when both sides have let go, even after a crash.
  shmctl(segment_.shmid, IPC_RMID, nullptr);
  segment_.shmid = -1;
  if (refused) attached_ = false;
  if (!attached_) throw std::runtime_error("the X server cannot share memory with us; is the display remote?");
}

void X11Surface::release() {
  bool lost = false;
  try {
    connection_.throw_if_lost();
  } catch (const CaptureLost&) {
    lost = true;
  }
  if (attached_ && !lost) XShmDetach(connection_.get(), &segment_);
  if (segment_.shmid >= 0) shmctl(segment_.shmid, IPC_RMID, nullptr);
  if (image_ != nullptr) {
    image_->data = nullptr;
    XDestroyImage(image_);
  }
  if (segment_.shmaddr != nullptr) shmdt(segment_.shmaddr);
}

bool X11Surface::read_rows(int first, int count) {
  // MIT-SHM writes at `data` within the segment and as many rows as the image says it has.
  image_->data = segment_.shmaddr + static_cast<std::ptrdiff_t>(first) * image_->bytes_per_line;
  image_->height = count;
  const bool read =
      XShmGetImage(connection_.get(), connection_.root(), image_, area_.x, area_.y + first, AllPlanes) != 0;
  connection_.throw_if_lost();
  return read;
}

}  // namespace gc
