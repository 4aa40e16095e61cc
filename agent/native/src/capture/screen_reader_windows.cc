#include "screen_reader_windows.h"

#include <windows.h>

namespace gc {
namespace {

/** Wine duplicates no outputs, and takes a second to find that out. */
bool is_wine() {
  const HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
  return ntdll != nullptr && GetProcAddress(ntdll, "wine_get_version") != nullptr;
}

}  // namespace

std::unique_ptr<ScreenReader> open_screen_reader(const std::string& display_id, const Rect& area) {
  if (is_wine()) return open_gdi_reader(area);
  try {
    return open_dxgi_reader(display_id, area);
  } catch (const ReadingFailed&) {
    // Over Remote Desktop, on turned monitors, with old drivers, or while too many other programs do.
    return open_gdi_reader(area);
  }
}

}  // namespace gc
