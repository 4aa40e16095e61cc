#include <X11/extensions/Xdamage.h>
#include <X11/extensions/Xfixes.h>
#include <X11/extensions/Xrandr.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmath>
#include <ctime>
#include <utility>

#include "../clock.h"
#include "capture.h"
#include "x11_connection_linux.h"
#include "x11_cursor_linux.h"
#include "x11_displays_linux.h"
#include "x11_surface_linux.h"

namespace gc {
namespace {

class WakeEvent {
 public:
  WakeEvent() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0) throw std::runtime_error("cannot create an eventfd");
  }
  ~WakeEvent() { ::close(fd_); }
  WakeEvent(const WakeEvent&) = delete;
  WakeEvent& operator=(const WakeEvent&) = delete;

  int fd() const { return fd_; }
  void set() { eventfd_write(fd_, 1); }
  void clear() {
    eventfd_t count = 0;
    eventfd_read(fd_, &count);
  }

 private:
  int fd_;
};

Rect even_sized(const Rect& area) { return {area.x, area.y, area.width & ~1, area.height & ~1}; }

DisplayInfo require_display(X11Connection& connection, const std::string& id) {
  std::optional<DisplayInfo> info = find_display(connection, id);
  if (!info) throw std::runtime_error("the X server has no monitor '" + id + "'");
  return *info;
}

class X11Capture final : public Capture {
 public:
  explicit X11Capture(const CaptureTarget& target)
      : display_id_(target.display_id), connection_(target.display), cursor_(connection_) {
    surface_ = std::make_unique<X11Surface>(connection_, even_sized(require_display(connection_, display_id_).area));
    select_damage();
    select_display_changes();
    connection_.sync_and_take_error();
  }

  ~X11Capture() override = default;  // The server frees the damage and the region with the connection.

  void wake() override { wake_.set(); }
  Size size() const override { return {surface_->area().width, surface_->area().height}; }
  const std::uint8_t* pixels() const override { return surface_->pixels(); }
  int stride() const override { return surface_->stride(); }
  std::optional<CursorPicture> cursor_shape() override { return cursor_.shape(); }
  std::optional<Point> pointer() override { return cursor_.position(); }

  Changes wait(double deadline_ms) override {
    Changes changes = take_events();
    if (changes.damage || changes.cursor_shape || changes.pointer || changes.displays) return changes;
    sleep_until(deadline_ms);
    return take_events();
  }

  std::optional<Grab> grab(bool whole) override {
    std::vector<Rect> changed = take_damage();
    if (whole) changed = {whole_picture()};
    Grab grab{surface_->pixels(), surface_->stride(), std::move(changed)};
    if (grab.changed.empty()) return grab;

    int first = size().height, end = 0;
    for (const Rect& r : grab.changed) {
      first = std::min(first, r.y);
      end = std::max(end, r.y + r.height);
    }
    if (!surface_->read_rows(first, end - first)) return std::nullopt;
    // Something was drawn between taking the damage and reading: outside the rows we read, the surface would
    // then show an older moment than inside. One atomic read of everything is the cure.
    if (end - first < size().height && take_queued_damage_event()) {
      if (!surface_->read_rows(0, size().height)) return std::nullopt;
      grab.changed = {whole_picture()};
    }
    return grab;
  }

  bool follow_display() override {
    std::optional<DisplayInfo> info = find_display(connection_, display_id_);
    if (!info) throw CaptureLost("the monitor '" + display_id_ + "' is gone");
    const Rect area = even_sized(info->area);
    if (area == surface_->area()) return false;
    surface_ = std::make_unique<X11Surface>(connection_, area);
    watch_damage();
    return true;
  }

 private:
  Rect whole_picture() const { return {0, 0, size().width, size().height}; }

  void select_damage() {
    int error = 0;
    if (!XDamageQueryExtension(connection_.get(), &damage_event_base_, &error)) {
      throw std::runtime_error("the X server has no DAMAGE extension");
    }
    region_ = XFixesCreateRegion(connection_.get(), nullptr, 0);
    watch_damage();
  }

  // Alone on the screen: one event when the damage stops being empty, and silence until we take it; merging costs
  // nothing. With other monitors beside ours, events tell how far the damage reaches: what changes there is left to
  // lie, and once it covers them nothing is told any more until something changes here.
  void watch_damage() {
    const int screen = DefaultScreen(connection_.get());
    const Rect all{0, 0, DisplayWidth(connection_.get(), screen), DisplayHeight(connection_.get(), screen)};
    const int level = even_sized(all) == surface_->area() ? XDamageReportNonEmpty : XDamageReportBoundingBox;
    if (damage_ != 0) XDamageDestroy(connection_.get(), damage_);
    damage_ = XDamageCreate(connection_.get(), connection_.root(), level);
  }

  void select_display_changes() {
    // Monitors that were made by hand (RandR 1.5) only show as a configuration of the root window.
    XSelectInput(connection_.get(), connection_.root(), StructureNotifyMask);
    int error = 0;
    if (!XRRQueryExtension(connection_.get(), &randr_event_base_, &error)) return;
    XRRSelectInput(connection_.get(), connection_.root(),
                   RRScreenChangeNotifyMask | RRCrtcChangeNotifyMask | RROutputChangeNotifyMask);
  }

  Changes take_events() {
    Changes changes;
    while (XPending(connection_.get()) > 0) {
      XEvent event;
      XNextEvent(connection_.get(), &event);
      if (event.type == damage_event_base_ + XDamageNotify) changes.damage |= reaches_us(event);
      if (cursor_.is_shape_event(event)) changes.cursor_shape = true;
      if (cursor_.is_motion_event(event)) changes.pointer = true;
      if (is_display_event(event)) {
        XRRUpdateConfiguration(&event);
        changes.displays = true;
      }
    }
    connection_.throw_if_lost();
    changes.damage |= std::exchange(damage_during_grab_, false);
    return changes;
  }

  bool reaches_us(const XEvent& event) const {
    const XRectangle& damaged = reinterpret_cast<const XDamageNotifyEvent&>(event).area;
    return !intersect({damaged.x, damaged.y, damaged.width, damaged.height}, surface_->area()).empty();
  }

  bool is_display_event(const XEvent& event) const {
    if (event.type == ConfigureNotify) return true;
    return randr_event_base_ >= 0 &&
           (event.type == randr_event_base_ + RRScreenChangeNotify || event.type == randr_event_base_ + RRNotify);
  }

  // The event is not lost: the damage it announced is still there to be taken, so the next wait reports it.
  bool take_queued_damage_event() {
    XEvent event;
    if (!XCheckTypedEvent(connection_.get(), damage_event_base_ + XDamageNotify, &event)) return false;
    if (!reaches_us(event)) return false;
    damage_during_grab_ = true;
    return true;
  }

  // Taken before the pixels are read: what is drawn later is new damage, so nothing is lost in between.
  std::vector<Rect> take_damage() {
    XDamageSubtract(connection_.get(), damage_, 0, region_);
    int count = 0;
    XRectangle* rects = XFixesFetchRegion(connection_.get(), region_, &count);
    connection_.throw_if_lost();
    const Rect& area = surface_->area();
    std::vector<Rect> changed;
    for (int i = 0; i < count; ++i) {
      const Rect on_desktop{rects[i].x, rects[i].y, rects[i].width, rects[i].height};
      Rect r = intersect(on_desktop, area);
      if (r.empty()) continue;
      r.x -= area.x;
      r.y -= area.y;
      changed.push_back(r);
    }
    if (rects != nullptr) XFree(rects);
    return changed;
  }

  void sleep_until(double deadline_ms) {
    pollfd fds[] = {{connection_.fd(), POLLIN, 0}, {wake_.fd(), POLLIN, 0}};
    timespec timeout{};
    const bool forever = deadline_ms == kNever;
    if (!forever) {
      const double left_ms = std::max(0.0, deadline_ms - now_ms());
      timeout.tv_sec = static_cast<time_t>(left_ms / 1000);
      timeout.tv_nsec = static_cast<long>(std::fmod(left_ms, 1000) * 1e6);
    }
    ppoll(fds, 2, forever ? nullptr : &timeout, nullptr);
    if ((fds[1].revents & POLLIN) != 0) wake_.clear();
  }

  std::string display_id_;
  WakeEvent wake_;
  X11Connection connection_;
  X11Cursor cursor_;
  std::unique_ptr<X11Surface> surface_;
  int damage_event_base_ = 0;
  int randr_event_base_ = -1;
  Damage damage_ = 0;
  XserverRegion region_ = 0;
  bool damage_during_grab_ = false;
};

}  // namespace

std::unique_ptr<Capture> open_capture(const CaptureTarget& target) { return std::make_unique<X11Capture>(target); }

}  // namespace gc
