#include <string.h>

#include "../common/win/text-windows.h"
#include "transient.h"

bool transient_folders_find(struct transient_folders *folders, const char *code, struct failure *failure) {
  wchar_t name[64];
  format_wide(name, 64, L"transient-%hs", code);
  if (!path_machine_data(folders->base, failure)) return false;
  return (path_join(folders->folder, folders->base, name) && path_join(folders->state, folders->folder, L"state") &&
          path_join(folders->packs, folders->folder, L"packs") &&
          path_join(folders->program, folders->folder, L"GuruConnect.exe")) ||
         fail(failure, EXIT_DISK, "A path is too long.");
}

bool transient_code(const wchar_t *folder, char code[SESSION_CODE_DIGITS + 1]) {
  const wchar_t *name = path_name(folder), *hyphen = wcsrchr(name, L'-');
  char digits[16];
  code[0] = '\0';
  return hyphen && wcsspn(hyphen + 1, L"0123456789") == SESSION_CODE_DIGITS && from_wide(hyphen + 1, digits, 16) &&
         code_from_typing(digits, code);
}
