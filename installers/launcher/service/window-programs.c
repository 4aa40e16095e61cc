#include "window-programs.h"

#include <windows.h>

#include <stdbool.h>
#include <tlhelp32.h>

#include "../common/win/paths.h"
#include "service-names.h"

enum { END_MS = 3000 };

static bool is_below(HANDLE process, const wchar_t *folder) {
  wchar_t path[PATH_CAPACITY];
  DWORD size = PATH_CAPACITY;
  size_t length = wcslen(folder);
  return QueryFullProcessImageNameW(process, 0, path, &size) && _wcsnicmp(path, folder, length) == 0 &&
         path[length] == L'\\';
}

static void end_if_below(DWORD id, const wchar_t *folder) {
  const DWORD access = PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_TERMINATE | SYNCHRONIZE;
  HANDLE process = OpenProcess(access, FALSE, id);
  if (!process) return;
  if (is_below(process, folder) && TerminateProcess(process, 0)) WaitForSingleObject(process, END_MS);
  CloseHandle(process);
}

void end_window_programs(const wchar_t *folder) {
  PROCESSENTRY32W entry = {.dwSize = sizeof entry};
  HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  if (all == INVALID_HANDLE_VALUE) return;
  for (BOOL is_there = Process32FirstW(all, &entry); is_there; is_there = Process32NextW(all, &entry)) {
    if (_wcsicmp(entry.szExeFile, UI_FILE) == 0) end_if_below(entry.th32ProcessID, folder);
  }
  CloseHandle(all);
}
