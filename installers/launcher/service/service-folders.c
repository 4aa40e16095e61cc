#include "service-folders.h"

#include <aclapi.h>
#include <stdlib.h>
#include <string.h>

#include "../common/win/log.h"
#include "../common/win/security.h"

enum { STATE_MAX_SIZE = 16384 };

bool service_folders_name(struct service_folders *folders, struct failure *failure) {
  if (!path_machine_data(folders->data, failure)) return false;
  if (path_join(folders->slots, folders->data, L"slots") && path_join(folders->packs, folders->data, L"packs") &&
      path_join(folders->logs, folders->data, L"logs") &&
      path_join(folders->public_folder, folders->data, L"public")) {
    return true;
  }
  return fail(failure, EXIT_DISK, "The path of the program's data is too long.");
}

static bool is_own_user(PSID sid) {
  HANDLE token;
  BYTE room[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
  DWORD size;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return false;
  bool is_own = GetTokenInformation(token, TokenUser, room, sizeof room, &size) &&
                EqualSid(((TOKEN_USER *)(void *)room)->User.Sid, sid);
  CloseHandle(token);
  return is_own;
}

/** Whether a folder was made by the system, an administrator or us: any user can make one in ProgramData first. */
static bool is_owner_trusted(const wchar_t *path) {
  PSID owner = NULL;
  PSECURITY_DESCRIPTOR descriptor = NULL;
  DWORD attributes = GetFileAttributesW(path);
  if (attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_REPARSE_POINT) return false;
  if (GetNamedSecurityInfoW((wchar_t *)path, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL, NULL, NULL,
                            &descriptor) != ERROR_SUCCESS) {
    return false;
  }
  bool is_trusted = IsWellKnownSid(owner, WinLocalSystemSid) || IsWellKnownSid(owner, WinBuiltinAdministratorsSid) ||
                    is_own_user(owner);
  LocalFree(descriptor);
  return is_trusted;
}

bool service_folders_make(const struct service_folders *folders, struct failure *failure) {
  if (path_exists(folders->data) && !is_owner_trusted(folders->data)) {
    log_line("the folder of the program's data was made by somebody else: it is made anew");
    if (!remove_tree(folders->data)) {
      return fail(failure, EXIT_NOT_PERMITTED, "The folder of the program's data belongs to somebody else.");
    }
  }
  return make_protected_folder(folders->data, ACL_ADMINISTRATORS, failure) &&
         make_folders(folders->slots, failure) && make_folders(folders->packs, failure) &&
         make_folders(folders->logs, failure) &&
         make_protected_folder(folders->public_folder, ACL_USERS_READ, failure);
}

bool slot_folder(const struct service_folders *folders, enum slot slot, wchar_t out[PATH_CAPACITY]) {
  return path_join(out, folders->slots, slot == SLOT_A ? L"A" : L"B");
}

bool slots_load(const struct service_folders *folders, struct slots_state *state) {
  wchar_t file[PATH_CAPACITY];
  struct failure failure;
  size_t size = 0;
  memset(state, 0, sizeof *state);
  char *text = malloc(STATE_MAX_SIZE);
  if (!text) return false;
  bool is_read = path_join(file, folders->slots, L"state.json") &&
                 read_file(file, text, STATE_MAX_SIZE, &size, &failure) && slots_parse(text, size, state);
  free(text);
  return is_read;
}

bool slots_save(const struct service_folders *folders, const struct slots_state *state, struct failure *failure) {
  wchar_t file[PATH_CAPACITY];
  char *text = malloc(STATE_MAX_SIZE);
  bool is_written = text && path_join(file, folders->slots, L"state.json") &&
                    slots_encode(state, text, STATE_MAX_SIZE);
  if (!is_written) fail(failure, EXIT_DISK, "The state of the updates cannot be written.");
  else is_written = write_file(file, text, strlen(text), failure);
  free(text);
  return is_written;
}
