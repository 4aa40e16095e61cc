#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "../geometry.h"
#include "../settings.h"

namespace gc {

struct DisplayInfo {
  std::string id;
  std::string name;
  Rect area;
  bool primary = false;
};

/** Straight RGBA, row by row. */
struct CursorPicture {
  Size size;
  Point hotspot;
  std::vector<std::uint8_t> rgba;
};

/** What a wait ended with; several can be true at once, none when the deadline passed or `wake` was called. */
struct Changes {
  bool damage = false;
  bool cursor_shape = false;
  bool pointer = false;
  bool displays = false;
};

/** The monitor's pixels after a grab; the memory belongs to the capture and holds until its next call. */
struct Grab {
  const std::uint8_t* bgra = nullptr;
  int stride = 0;
  /** Disjoint, in picture coordinates. Empty when the damage lay on another monitor. */
  std::vector<Rect> changed;
  /** Where the pixels were read before the call, to find out that they changed: when that began and ended, else 0. */
  double read_began_ms = 0;
  double read_ended_ms = 0;
};

/** The display server or the monitor is gone; the capture can only be destroyed. */
class CaptureLost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/**
 * One monitor's pixels, cursor and changes. All calls come from one thread, except `wake`.
 * Every call but `wake` may throw CaptureLost.
 */
class Capture {
 public:
  virtual ~Capture() = default;

  /** Makes the wait under way, or else the next one, return. Any thread. */
  virtual void wake() = 0;

  /** How often a capture that must look for changes itself need look; 0 while nobody wants to know. */
  virtual void pace(double /*max_fps*/) {}

  /** Sleeps until something happens or the deadline (see clock.h) passes. Costs nothing meanwhile. */
  virtual Changes wait(double deadline_ms) = 0;

  /** Even in both directions, as 4:2:0 encoding needs. */
  virtual Size size() const = 0;

  /**
   * Takes the damage and brings the pixels up to date in one atomic read of the screen; `whole` reads everything.
   * Nothing when the screen changed its mode meanwhile: a `displays` change follows.
   */
  virtual std::optional<Grab> grab(bool whole) = 0;

  /** The whole surface as the last grab left it; no call but `grab` and `follow_display` changes it. */
  virtual const std::uint8_t* pixels() const = 0;
  virtual int stride() const = 0;

  /** Follows the monitor to its present rectangle; true when the picture's size or place changed. */
  virtual bool follow_display() = 0;

  virtual std::optional<CursorPicture> cursor_shape() = 0;
  virtual std::optional<Point> pointer() = 0;
};

/** Throws std::runtime_error with a message for people when the display cannot be captured. */
std::unique_ptr<Capture> open_capture(const CaptureTarget& target);
std::vector<DisplayInfo> list_displays(const std::string& display);

}  // namespace gc
