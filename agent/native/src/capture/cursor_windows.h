#pragma once

#include <windows.h>

#include <optional>

#include "capture.h"

namespace gc {

/** What of the pointer is different from the look before. */
struct CursorChanges {
  bool shape = false;
  bool position = false;
};

/** The pointer's picture and place. Windows tells of neither, but asking costs microseconds. */
class Cursor {
 public:
  CursorChanges look();

  /** An invisible picture while the pointer is hidden. */
  std::optional<CursorPicture> shape() const;
  std::optional<Point> position() const;

 private:
  HCURSOR handle_ = nullptr;
  DWORD flags_ = 0;
  Point at_;
};

}  // namespace gc
