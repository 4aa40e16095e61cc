#include "input_desktop_windows.h"

#include <string>
#include <utility>

namespace gc {
namespace {

std::wstring name_of(HDESK desktop) {
  wchar_t name[256] = {};
  DWORD needed = 0;
  if (!GetUserObjectInformationW(desktop, UOI_NAME, name, sizeof(name) - sizeof(wchar_t), &needed)) return {};
  return name;
}

}  // namespace

InputDesktop::~InputDesktop() {
  if (desktop_ != nullptr) CloseDesktop(desktop_);
}

// Not tried under Wine, which has no other desktop to change over to.
bool InputDesktop::follow() {
  HDESK shown = OpenInputDesktop(0, FALSE, GENERIC_ALL);
  if (shown == nullptr) return false;
  const bool here = name_of(shown) == name_of(GetThreadDesktop(GetCurrentThreadId()));
  if (here || !SetThreadDesktop(shown)) {
    CloseDesktop(shown);
    return false;
  }
  HDESK before = std::exchange(desktop_, shown);
  if (before != nullptr) CloseDesktop(before);
  return true;
}

}  // namespace gc
