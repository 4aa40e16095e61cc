#include "displays_windows.h"

#include <windows.h>

#include <utility>

#include "text_windows.h"

namespace gc {
namespace {

/** What people call a monitor: its model where Windows knows one, else the number it gave it. */
std::string name_of(const wchar_t* device) {
  const std::string id = utf8(device);
  const std::size_t slash = id.rfind('\\');
  const std::string number = slash == std::string::npos ? id : id.substr(slash + 1);
  DISPLAY_DEVICEW monitor{};
  monitor.cb = sizeof(monitor);
  if (!EnumDisplayDevicesW(device, 0, &monitor, 0)) return number;
  const std::string model = utf8(monitor.DeviceString);
  return model.empty() ? number : model + " (" + number + ")";
}

BOOL CALLBACK add_display(HMONITOR monitor, HDC, LPRECT, LPARAM list) {
  MONITORINFOEXW info{};
  info.cbSize = sizeof(info);
  if (!GetMonitorInfoW(monitor, &info)) return TRUE;
  const RECT& r = info.rcMonitor;
  DisplayInfo found{utf8(info.szDevice), name_of(info.szDevice), {r.left, r.top, r.right - r.left, r.bottom - r.top},
                    (info.dwFlags & MONITORINFOF_PRIMARY) != 0};
  reinterpret_cast<std::vector<DisplayInfo>*>(list)->push_back(std::move(found));
  return TRUE;
}

}  // namespace

std::vector<DisplayInfo> query_displays() {
  std::vector<DisplayInfo> found;
  EnumDisplayMonitors(nullptr, nullptr, add_display, reinterpret_cast<LPARAM>(&found));
  return found;
}

std::optional<DisplayInfo> find_display(const std::string& id) {
  for (DisplayInfo& info : query_displays()) {
    if (info.id == id) return info;
  }
  return std::nullopt;
}

// Windows has one desktop a session: whatever the caller calls it.
std::vector<DisplayInfo> list_displays(const std::string&) { return query_displays(); }

}  // namespace gc
