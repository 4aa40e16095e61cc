#include <string.h>

#include "../common/win/crypto.h"
#include "../common/win/log.h"
#include "core.h"
#include "service-names.h"

/** Below Program Files, where people may start programs and only administrators can put some. */
static bool trays_folder(wchar_t out[PATH_CAPACITY]) {
  struct failure failure;
  return path_program_files(out, &failure) && path_join(out, out, TRAYS_FOLDER);
}

static bool is_whole(const wchar_t *file, const struct blob *blob) {
  char hex[SHA256_HEX_CAPACITY];
  uint64_t size;
  return path_exists(file) && sha256_of_file(file, hex, &size) && size == blob->size &&
         strcmp(hex, blob->sha256) == 0;
}

/** Versions that nobody needs any more; what still runs is taken away another time. */
static void remove_others(const wchar_t *folder, const wchar_t *kept) {
  wchar_t pattern[PATH_CAPACITY], path[PATH_CAPACITY];
  WIN32_FIND_DATAW found;
  if (!path_join(pattern, folder, L"*")) return;
  HANDLE search = FindFirstFileW(pattern, &found);
  if (search == INVALID_HANDLE_VALUE) return;
  do {
    if (found.cFileName[0] == L'.' || _wcsicmp(found.cFileName, kept) == 0) continue;
    if (path_join(path, folder, found.cFileName)) remove_tree(path);
  } while (FindNextFileW(search, &found));
  FindClose(search);
  RemoveDirectoryW(folder);
}

static bool place(const struct core *core, const wchar_t *folder, wchar_t target[PATH_CAPACITY]) {
  wchar_t fresh[PATH_CAPACITY];
  struct failure failure;
  if (!path_join(target, folder, UI_FILE) || !path_join(fresh, folder, L"new")) return false;
  if (is_whole(target, &core->manifest.ui)) return true;
  if (!make_folders(folder, &failure)) return false;
  bool is_placed = CopyFileW(core->ui, fresh, FALSE) && is_whole(fresh, &core->manifest.ui) &&
                   MoveFileExW(fresh, target, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH);
  if (!is_placed) DeleteFileW(fresh);
  return is_placed;
}

void tray_program_place(struct core *core) {
  wchar_t trays[PATH_CAPACITY], folder[PATH_CAPACITY], version[sizeof core->manifest.version] = L"";
  core->tray_program[0] = L'\0';
  if (core->is_on_trial || !trays_folder(trays)) return;
  if (core->slot == SLOT_NONE) {
    wcscpy(core->tray_program, core->ui);
  } else {
    const char *name = core->manifest.version;
    bool is_known = core->has_manifest && core->manifest.ui.is_named && name[0] && name[0] != '.' &&
                    name[strspn(name, "0123456789.")] == '\0';
    for (size_t i = 0; is_known && i < sizeof core->manifest.version; i++) version[i] = (wchar_t)name[i];
    if (!is_known || !path_join(folder, trays, version) || !place(core, folder, core->tray_program)) {
      // The tray of another version does as well; it is asked for help and shows the status.
      core->tray_program[0] = L'\0';
      log_line("the tray program of this version cannot be put into place");
      return;
    }
  }
  remove_others(trays, version);
}
