#include "cursor_windows.h"

#include "cursor_picture_windows.h"

namespace gc {
namespace {

std::optional<CURSORINFO> ask() {
  CURSORINFO info{};
  info.cbSize = sizeof(info);
  // Refused while another desktop shows than the one that the thread is on.
  if (!GetCursorInfo(&info)) return std::nullopt;
  return info;
}

}  // namespace

CursorChanges Cursor::look() {
  const std::optional<CURSORINFO> info = ask();
  if (!info) return {};
  const Point at{info->ptScreenPos.x, info->ptScreenPos.y};
  const CursorChanges changes{info->hCursor != handle_ || info->flags != flags_, !(at == at_)};
  handle_ = info->hCursor;
  flags_ = info->flags;
  at_ = at;
  return changes;
}

std::optional<CursorPicture> Cursor::shape() const {
  const std::optional<CURSORINFO> info = ask();
  if (!info) return std::nullopt;
  // Hidden by a program, or suppressed since a finger or a pen was the last to point.
  if ((info->flags & CURSOR_SHOWING) == 0 || info->hCursor == nullptr) return invisible_cursor();
  if (std::optional<CursorPicture> picture = picture_of(info->hCursor)) return picture;
  // Destroyed meanwhile, or another process's, whose cursors Wine keeps to itself. An arrow at least tells where it is.
  return picture_of(LoadCursorW(nullptr, MAKEINTRESOURCEW(32512)));
}

std::optional<Point> Cursor::position() const {
  const std::optional<CURSORINFO> info = ask();
  if (!info) return std::nullopt;
  return Point{info->ptScreenPos.x, info->ptScreenPos.y};
}

}  // namespace gc
