#include <windows.h>

#include "dpi_awareness.h"

namespace gc {

// Node's manifest says nothing, so Windows would shrink coordinates and pictures of monitors that it scales. Looked up
// by name, since Windows before 10 1703 lacks it. Not tried under Wine, which scales nothing.
void see_true_pixels() {
  using SetAwareness = BOOL(WINAPI*)(HANDLE);
  const auto per_monitor_v2 = reinterpret_cast<HANDLE>(static_cast<INT_PTR>(-4));
  const HMODULE user32 = GetModuleHandleW(L"user32.dll");
  const auto set = reinterpret_cast<SetAwareness>(
      reinterpret_cast<void*>(GetProcAddress(user32, "SetProcessDpiAwarenessContext")));
  // Refused when somebody has chosen before us, which then holds.
  if (set == nullptr || !set(per_monitor_v2)) SetProcessDPIAware();
}

}  // namespace gc
