#include <windows.h>

#include <utility>

#include "../clock.h"
#include "changed_areas_windows.h"
#include "screen_reader_windows.h"
#include "text_windows.h"

namespace gc {
namespace {

/** A picture in memory that GDI can draw into. */
class Picture {
 public:
  Picture(HDC like, const Size& size) : context_(CreateCompatibleDC(like)) {
    BITMAPINFO format{};
    format.bmiHeader.biSize = sizeof(format.bmiHeader);
    format.bmiHeader.biWidth = size.width;
    format.bmiHeader.biHeight = -size.height;
    format.bmiHeader.biPlanes = 1;
    format.bmiHeader.biBitCount = 32;
    void* pixels = nullptr;
    bitmap_ = CreateDIBSection(like, &format, DIB_RGB_COLORS, &pixels, nullptr, 0);
    pixels_ = static_cast<std::uint8_t*>(pixels);
    if (context_ == nullptr || bitmap_ == nullptr) {
      release();
      throw ReadingFailed("no memory for a picture of the screen, " + last_error());
    }
    empty_ = SelectObject(context_, bitmap_);
  }
  ~Picture() { release(); }
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;

  HDC context() const { return context_; }
  const std::uint8_t* pixels() const { return pixels_; }

 private:
  void release() {
    if (empty_ != nullptr) SelectObject(context_, empty_);
    if (bitmap_ != nullptr) DeleteObject(bitmap_);
    if (context_ != nullptr) DeleteDC(context_);
  }

  HDC context_;
  HBITMAP bitmap_ = nullptr;
  HGDIOBJ empty_ = nullptr;
  std::uint8_t* pixels_ = nullptr;
};

class ScreenContext {
 public:
  ScreenContext() : context_(GetDC(nullptr)) {
    if (context_ == nullptr) throw ReadingFailed("the desktop cannot be opened for reading, " + last_error());
  }
  ~ScreenContext() { ReleaseDC(nullptr, context_); }
  ScreenContext(const ScreenContext&) = delete;
  ScreenContext& operator=(const ScreenContext&) = delete;
  HDC get() const { return context_; }

 private:
  HDC context_;
};

/** Two pictures in turn: the one that was taken last, and the one to compare it with. */
class GdiReader final : public ScreenReader {
 public:
  explicit GdiReader(const Rect& area) : area_(area) {
    const ScreenContext screen;
    taken_ = std::make_unique<Picture>(screen.get(), size());
    newest_ = std::make_unique<Picture>(screen.get(), size());
  }

  bool is_told() const override { return false; }
  const std::uint8_t* pixels() const override { return taken_->pixels(); }
  int stride() const override { return area_.width * 4; }

  bool look(double) override {
    read();
    changed_ = changed_areas(taken_->pixels(), newest_->pixels(), stride(), size());
    return !changed_.empty();
  }

  Grab take(bool whole) override {
    const bool is_fresh = now_ms() - read_ended_ms_ < kFreshMs && !changed_.empty();
    if (!is_fresh) whole ? read() : static_cast<void>(look(0));
    if (whole) changed_ = {{0, 0, area_.width, area_.height}};
    Grab grab;
    grab.changed = std::exchange(changed_, {});
    if (!grab.changed.empty()) std::swap(taken_, newest_);
    if (is_fresh) {
      grab.read_began_ms = read_began_ms_;
      grab.read_ended_ms = read_ended_ms_;
    }
    grab.bgra = pixels();
    grab.stride = stride();
    return grab;
  }

 private:
  /** What a look found is taken without a second one when it is asked for at once. */
  static constexpr double kFreshMs = 8;

  Size size() const { return {area_.width, area_.height}; }

  void read() {
    read_began_ms_ = now_ms();
    // Asked for anew each time: one that is kept goes blind when the desktop or the monitors change.
    const ScreenContext screen;
    if (!BitBlt(newest_->context(), 0, 0, area_.width, area_.height, screen.get(), area_.x, area_.y,
                SRCCOPY | CAPTUREBLT)) {
      throw ReadingFailed("the desktop cannot be read, " + last_error());
    }
    GdiFlush();
    read_ended_ms_ = now_ms();
  }

  Rect area_;
  std::unique_ptr<Picture> taken_;
  std::unique_ptr<Picture> newest_;
  std::vector<Rect> changed_;
  double read_began_ms_ = 0;
  double read_ended_ms_ = 0;
};

}  // namespace

std::unique_ptr<ScreenReader> open_gdi_reader(const Rect& area) { return std::make_unique<GdiReader>(area); }

}  // namespace gc
