#include "session-files.h"

#include <string.h>

#include "../common/win/log.h"
#include "../common/win/pack.h"
#include "../common/win/text-windows.h"

#define RUN_ONCE L"Software\\Microsoft\\Windows\\CurrentVersion\\RunOnce"

static HANDLE open_lock(const wchar_t *state) {
  wchar_t path[PATH_CAPACITY];
  if (!path_join(path, state, L"lock")) return INVALID_HANDLE_VALUE;
  return CreateFileW(path, GENERIC_WRITE | DELETE, 0, NULL, OPEN_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
}

/** Windows runs it once at this user's next sign-in; we take it back when we have cleaned up ourselves. */
static void plan_cleanup(const wchar_t *state, bool wanted) {
  wchar_t name[128], line[PATH_CAPACITY * 2 + 32], self[PATH_CAPACITY];
  HKEY key;
  if (!path_of_self(self) || !format_wide(name, 128, L"GuruConnect %ls", path_name(state)) ||
      !format_wide(line, PATH_CAPACITY * 2 + 32, L"\"%ls\" --cleanup \"%ls\"", self, state)) {
    return;
  }
  if (RegCreateKeyExW(HKEY_CURRENT_USER, RUN_ONCE, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL) != 0) return;
  if (wanted) RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)line, (DWORD)((wcslen(line) + 1) * sizeof *line));
  else RegDeleteValueW(key, name);
  RegCloseKey(key);
}

bool session_files_find(struct session_files *files, struct failure *failure) {
  memset(files, 0, sizeof *files);
  files->lock = INVALID_HANDLE_VALUE;
  return path_user_data(files->root, failure) &&
         (path_join(files->packs, files->root, L"packs") || fail(failure, EXIT_DISK, "A path is too long."));
}

bool session_files_open(struct session_files *files, const char *code, struct failure *failure) {
  wchar_t name[32];
  format_wide(name, 32, L"session-%hs", code);
  if (!path_join(files->state, files->root, name)) return fail(failure, EXIT_DISK, "A path is too long.");
  if (!make_folders(files->state, failure)) return false;
  files->lock = open_lock(files->state);
  if (files->lock == INVALID_HANDLE_VALUE) {
    return fail(failure, EXIT_SESSION_FAILED, "This session is open already. Look for its window.");
  }
  plan_cleanup(files->state, true);
  return true;
}

void session_files_remove(struct session_files *files) {
  if (files->lock != INVALID_HANDLE_VALUE) {
    CloseHandle(files->lock);
    files->lock = INVALID_HANDLE_VALUE;
    // What has just ended may hold a file for a moment more.
    bool removed = remove_tree(files->state);
    for (int i = 0; !removed && i < 20; i++) {
      Sleep(100);
      removed = remove_tree(files->state);
    }
    if (removed) plan_cleanup(files->state, false);
    else log_line("files of the session remain until the next sign-in");
  }
  pack_remove_unused(files->packs);
  RemoveDirectoryW(files->packs);
  RemoveDirectoryW(files->root);
}

void session_files_remove_leftovers(const struct session_files *files) {
  wchar_t path[PATH_CAPACITY];
  WIN32_FIND_DATAW found;
  if (!path_join(path, files->root, L"session-*")) return;
  HANDLE search = FindFirstFileW(path, &found);
  if (search != INVALID_HANDLE_VALUE) {
    do {
      if (!path_join(path, files->root, found.cFileName)) continue;
      HANDLE lock = open_lock(path);
      if (lock == INVALID_HANDLE_VALUE) continue;
      CloseHandle(lock);
      log_line("removing what an earlier session left");
      if (remove_tree(path)) plan_cleanup(path, false);
    } while (FindNextFileW(search, &found));
    FindClose(search);
  }
  pack_remove_unused(files->packs);
}
