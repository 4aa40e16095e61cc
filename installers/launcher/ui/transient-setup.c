#include "transient-setup.h"

#include <stdlib.h>
#include <string.h>

#include "../common/win/log.h"
#include "../common/win/security.h"
#include "../common/win/text-windows.h"

/** State files are small; what is larger was not written by us. */
#define STATE_FILE_LIMIT 262144
#define START_MS 30000
#define POLL_MS 100

static bool is_state_file(const WIN32_FIND_DATAW *found) {
  const DWORD other = FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT;
  return !(found->dwFileAttributes & other) && found->nFileSizeHigh == 0 && found->nFileSizeLow <= STATE_FILE_LIMIT &&
         _wcsicmp(found->cFileName, L"lock") != 0 && _wcsicmp(found->cFileName, L"agent.log") != 0;
}

/** Copies bytes and not files, so that no link of the user's is followed to where only we may write. */
static bool copy_state(const wchar_t *from, const wchar_t *to, struct failure *failure) {
  wchar_t path[PATH_CAPACITY];
  WIN32_FIND_DATAW found;
  uint8_t *bytes = malloc(STATE_FILE_LIMIT);
  bool ok = bytes && make_folders(to, failure) && path_join(path, from, L"*");
  HANDLE search = ok ? FindFirstFileW(path, &found) : INVALID_HANDLE_VALUE;
  if (search != INVALID_HANDLE_VALUE) {
    do {
      size_t size;
      if (!is_state_file(&found)) continue;
      ok = path_join(path, from, found.cFileName) && read_file(path, bytes, STATE_FILE_LIMIT, &size, failure) &&
           path_join(path, to, found.cFileName) && write_file(path, bytes, size, failure);
    } while (ok && FindNextFileW(search, &found));
    FindClose(search);
  }
  free(bytes);
  return ok || fail(failure, EXIT_DISK, "The session's files could not be taken over.");
}

bool transient_prepare(const struct transient_folders *folders, const wchar_t *state, const struct config *config,
                       const struct pack_view *view, struct failure *failure) {
  wchar_t self[PATH_CAPACITY], pack[PATH_CAPACITY];
  HANDLE use = INVALID_HANDLE_VALUE;
  // The installed agent's folder, where there is one, has its list already.
  bool base = path_exists(folders->base) || make_protected_folder(folders->base, ACL_ADMINISTRATORS, failure);
  if (base) remove_tree(folders->folder);
  bool ok = base && make_protected_folder(folders->folder, ACL_ADMINISTRATORS, failure) &&
            pack_prepare(config, folders->packs, view, pack, &use, failure) &&
            copy_state(state, folders->state, failure);
  if (use != INVALID_HANDLE_VALUE) CloseHandle(use);
  if (!ok) return false;
  // A running program's file cannot be exchanged, so this is the one that Windows asked about.
  if (path_of_self(self) && CopyFileW(self, folders->program, TRUE)) return true;
  return fail(failure, EXIT_DISK, "The program could not be copied (error %lu).", GetLastError());
}

static bool wait_until_running(SC_HANDLE service) {
  SERVICE_STATUS status;
  for (int waited = 0; waited < START_MS; waited += POLL_MS) {
    if (!QueryServiceStatus(service, &status) || status.dwCurrentState == SERVICE_STOPPED) return false;
    if (status.dwCurrentState == SERVICE_RUNNING) return true;
    Sleep(POLL_MS);
  }
  return false;
}

SC_HANDLE transient_start(const struct transient_folders *folders, const char *code, const wchar_t *pipe,
                          struct failure *failure) {
  wchar_t name[64], line[2 * PATH_CAPACITY + 128];
  format_wide(name, 64, TRANSIENT_SERVICE_NAME L"%hs", code);
  bool fits = format_wide(line, 2 * PATH_CAPACITY + 128, L"\"%ls\" --transient-service \"%ls\" %ls", folders->program,
                          folders->folder, pipe);
  SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE);
  SC_HANDLE service = manager && fits
                          ? CreateServiceW(manager, name, L"GuruConnect session",
                                           SERVICE_START | SERVICE_STOP | SERVICE_QUERY_STATUS | DELETE,
                                           SERVICE_WIN32_OWN_PROCESS, SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, line,
                                           NULL, NULL, NULL, NULL, NULL)
                          : NULL;
  bool ok = service && StartServiceW(service, 0, NULL) && wait_until_running(service);
  DWORD error = GetLastError();
  if (manager) CloseServiceHandle(manager);
  if (ok) return service;
  if (service) {
    DeleteService(service);
    CloseServiceHandle(service);
  }
  fail(failure, EXIT_NOT_PERMITTED, "The session could not be continued as administrator (error %lu).", error);
  return NULL;
}

void transient_wait(SC_HANDLE service, HANDLE stop) {
  SERVICE_STATUS status;
  while (QueryServiceStatus(service, &status) && status.dwCurrentState != SERVICE_STOPPED) {
    if (WaitForSingleObject(stop, POLL_MS) != WAIT_OBJECT_0) continue;
    ControlService(service, SERVICE_CONTROL_STOP, &status);
    Sleep(POLL_MS);
  }
}

void transient_remove(const struct transient_folders *folders) {
  bool removed = remove_tree(folders->folder);
  // The service's process ends a moment after it has said so.
  for (int i = 0; !removed && i < 50; i++) {
    Sleep(POLL_MS);
    removed = remove_tree(folders->folder);
  }
  if (!removed) log_line("files of the elevated session stay");
  // Only where no installed agent keeps anything there.
  RemoveDirectoryW(folders->base);
}
