#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "capture.h"

namespace gc {

/** The screen cannot be read for now: another desktop shows, or the graphics driver began anew. */
class ReadingFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/** One of the ways to read a rectangle of the desktop. Every call may throw ReadingFailed; the pixels stay readable. */
class ScreenReader {
 public:
  virtual ~ScreenReader() = default;

  /** True once something changed that was not taken yet. A reader that is told of changes waits for one so long. */
  virtual bool look(double patience_ms) = 0;
  virtual bool is_told() const = 0;

  /** Takes the newest pixels, all of them when `whole`. */
  virtual Grab take(bool whole) = 0;

  /** As the last `take` left them. */
  virtual const std::uint8_t* pixels() const = 0;
  virtual int stride() const = 0;

  /** Gives up what Windows grants to one reader only; nothing but `pixels` and `stride` may follow. */
  virtual void let_go() {}
};

/** Reads anything that GDI shows, by comparing pictures. Throws ReadingFailed. */
std::unique_ptr<ScreenReader> open_gdi_reader(const Rect& area);

/** Reads what the graphics driver hands out and is told of changes. Throws ReadingFailed where there is no such thing. */
std::unique_ptr<ScreenReader> open_dxgi_reader(const std::string& display_id, const Rect& area);

/** The best of them that can be had now; a reader of the same monitor must have let go before. Throws ReadingFailed. */
std::unique_ptr<ScreenReader> open_screen_reader(const std::string& display_id, const Rect& area);

}  // namespace gc
