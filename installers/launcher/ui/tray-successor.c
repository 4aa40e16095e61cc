#include "tray-successor.h"

#include <windows.h>

#include <string.h>

#include "../common/win/resources.h"
#include "../common/win/text-windows.h"

/** Ours, and nobody else's: the status can be written by administrators alone, and so can these folders. */
static bool is_ours(const wchar_t *program) {
  wchar_t folder[PATH_CAPACITY];
  struct failure ignored;
  if (!path_program_files(folder, &ignored)) return false;
  size_t length = wcslen(folder);
  return _wcsnicmp(program, folder, length) == 0 && program[length] == L'\\' && !wcsstr(program, L"..") &&
         _wcsicmp(path_name(program), L"GuruConnect.exe") == 0 && path_exists(program);
}

/** Whether the version that the service is of is this program's own. */
static bool is_own_version(const char *version) {
  static struct config config;
  struct failure ignored;
  if (!config.version[0] && !config_from_resources(&config, &ignored)) return false;
  return version[0] != '\0' && strcmp(config.version, version) == 0;
}

bool tray_successor_find(struct tray_successor *successor, const struct tray_status *status,
                         wchar_t out[PATH_CAPACITY]) {
  wchar_t self[PATH_CAPACITY];
  bool is_current = is_own_version(status->version);
  if (is_current) successor->was_current = true;
  bool is_named = status->tray[0] && to_wide(status->tray, out, PATH_CAPACITY) && path_of_self(self);
  if (!is_named || _wcsicmp(out, successor->failed) == 0 || !is_ours(out)) return false;
  // An installer has put another program into this one's place; one that is not of that version does not try for ever.
  if (_wcsicmp(out, self) == 0) return successor->was_current && !is_current;
  return true;
}

bool tray_successor_start(struct tray_successor *successor, const wchar_t *program) {
  wchar_t command[PATH_CAPACITY + 16], folder[PATH_CAPACITY];
  STARTUPINFOW start = {.cb = sizeof start};
  PROCESS_INFORMATION made;
  bool is_started = path_folder(folder, program) &&
                    format_wide(command, PATH_CAPACITY + 16, L"\"%ls\" --tray", program) &&
                    CreateProcessW(program, command, NULL, NULL, FALSE, 0, NULL, folder, &start, &made);
  if (is_started) {
    CloseHandle(made.hThread);
    CloseHandle(made.hProcess);
  } else {
    wcsncpy(successor->failed, program, PATH_CAPACITY - 1);
  }
  return is_started;
}
