#include "elevation.h"

#include <shellapi.h>

#include "../common/win/paths.h"
#include "../common/win/text-windows.h"

HANDLE run_as_administrator(HWND window, const wchar_t *program, const wchar_t *arguments, struct failure *failure) {
  SHELLEXECUTEINFOW start = {.cbSize = sizeof start, .fMask = SEE_MASK_NOCLOSEPROCESS | SEE_MASK_NOASYNC};
  start.hwnd = window;
  start.lpVerb = L"runas";
  start.lpFile = program;
  start.lpParameters = arguments;
  start.nShow = SW_SHOWNORMAL;
  if (ShellExecuteExW(&start) && start.hProcess) return start.hProcess;
  DWORD error = GetLastError();
  if (error == ERROR_CANCELLED) fail(failure, EXIT_CANCELLED, "Administrator rights were not given.");
  else fail(failure, EXIT_NOT_PERMITTED, "Windows did not start the program as administrator (error %lu).", error);
  return NULL;
}

HANDLE elevation_start(HWND window, const wchar_t *state, struct failure *failure) {
  wchar_t self[PATH_CAPACITY], arguments[PATH_CAPACITY + 32];
  if (path_of_self(self) && format_wide(arguments, PATH_CAPACITY + 32, L"--resume \"%ls\"", state)) {
    return run_as_administrator(window, self, arguments, failure);
  }
  fail(failure, EXIT_DISK, "A path is too long.");
  return NULL;
}

bool is_administrator(void) {
  TOKEN_ELEVATION elevation = {0};
  DWORD size;
  HANDLE token;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return false;
  bool ok = GetTokenInformation(token, TokenElevation, &elevation, sizeof elevation, &size);
  CloseHandle(token);
  return ok && elevation.TokenIsElevated;
}
