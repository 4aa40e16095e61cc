#include "install.h"

#include <windows.h>

#include <string.h>

#include "../common/win/log.h"
#include "../common/win/security.h"
#include "../common/win/text-windows.h"
#include "enrolment.h"
#include "installed-keys.h"
#include "reboot.h"
#include "service-names.h"
#include "window-programs.h"
#include "windows-service.h"

static bool copy_beside(const wchar_t *from_folder, const wchar_t *to_folder, const wchar_t *name, bool is_needed,
                        struct failure *failure) {
  wchar_t from[PATH_CAPACITY], to[PATH_CAPACITY];
  if (!path_join(from, from_folder, name) || !path_join(to, to_folder, name)) {
    return fail(failure, EXIT_DISK, "The path of the programs is too long.");
  }
  if (!is_needed && !path_exists(from)) return true;
  // What runs cannot be overwritten, but it can be moved away: the tray of somebody who is logged on, for example.
  wchar_t old[PATH_CAPACITY];
  if (!CopyFileW(from, to, FALSE) && format_wide(old, PATH_CAPACITY, L"%ls.old", to)) {
    MoveFileExW(to, old, MOVEFILE_REPLACE_EXISTING);
    if (!CopyFileW(from, to, FALSE)) {
      return fail(failure, EXIT_DISK, "A program could not be copied (error %lu).", GetLastError());
    }
    MoveFileExW(old, NULL, MOVEFILE_DELAY_UNTIL_REBOOT);
  }
  return true;
}

/** Puts the programs into Program Files, unless they are there. */
static bool place_programs(const wchar_t *folder, struct failure *failure) {
  wchar_t self[PATH_CAPACITY], from[PATH_CAPACITY], to[PATH_CAPACITY];
  if (!path_of_self(self) || !path_folder(from, self) || !path_join(to, folder, SERVICE_FILE)) {
    return fail(failure, EXIT_DISK, "The path of the programs is too long.");
  }
  if (_wcsicmp(from, folder) == 0) return true;
  if (!make_folders(folder, failure) || !copy_beside(from, folder, UI_FILE, false, failure)) return false;
  // This program may have another name where it was downloaded to.
  if (CopyFileW(self, to, FALSE)) return true;
  return fail(failure, EXIT_DISK, "The program could not be copied (error %lu). Run this as an administrator.",
              GetLastError());
}

bool install(const struct config *config, const wchar_t *token, struct failure *failure) {
  struct service_folders folders;
  wchar_t program_folder[PATH_CAPACITY], program[PATH_CAPACITY];
  return path_program_files(program_folder, failure) && service_folders_name(&folders, failure) &&
         windows_service_stop(failure) && service_folders_make(&folders, failure) &&
         (!token || write_token(&folders, token, failure)) && place_programs(program_folder, failure) &&
         path_join(program, program_folder, SERVICE_FILE) && windows_service_register(program, failure) &&
         installed_keys_write(config, program_folder, failure) && windows_service_start(failure);
}

/** This program cannot delete itself while it runs: a shell does, once it has ended. */
static void remove_programs_later(const wchar_t *folder) {
  wchar_t system[PATH_CAPACITY], shell[PATH_CAPACITY], command[3 * PATH_CAPACITY], self[PATH_CAPACITY];
  STARTUPINFOW start = {.cb = sizeof start};
  PROCESS_INFORMATION made;
  if (!GetSystemDirectoryW(system, PATH_CAPACITY) || !path_join(shell, system, L"cmd.exe") || !path_of_self(self) ||
      !format_wide(command, 3 * PATH_CAPACITY,
                   L"\"%ls\" /d /c for /l %%i in (1,1,60) do (del /f /q \"%ls\" 2>nul & if not exist \"%ls\" "
                   L"(rd \"%ls\" & exit) & ping -n 2 127.0.0.1 >nul)",
                   shell, self, self, folder)) {
    return;
  }
  MoveFileExW(self, NULL, MOVEFILE_DELAY_UNTIL_REBOOT);
  if (!CreateProcessW(shell, command, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, system, &start, &made)) return;
  CloseHandle(made.hThread);
  CloseHandle(made.hProcess);
}

static void remove_programs(void) {
  struct failure failure;
  wchar_t folder[PATH_CAPACITY], self[PATH_CAPACITY], own[PATH_CAPACITY];
  if (!path_program_files(folder, &failure)) return;
  remove_tree(folder);
  bool runs_there = path_of_self(self) && path_folder(own, self) && _wcsicmp(own, folder) == 0;
  if (runs_there) remove_programs_later(folder);
}

/** Without `all`, the identity stays: installed again, the computer is the same machine. */
static bool remove_data(bool all, struct failure *failure) {
  struct service_folders folders;
  if (!service_folders_name(&folders, failure)) return false;
  log_close();
  bool is_gone = true;
  if (all) {
    is_gone = remove_tree(folders.data);
  } else {
    const wchar_t *parts[] = {folders.slots, folders.packs, folders.logs, folders.public_folder};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) is_gone = remove_tree(parts[i]) && is_gone;
  }
  return is_gone || fail(failure, EXIT_DISK, "Some of the agent's files could not be removed.");
}

/** The trays of everybody, and those programs for them that no installer knows of. */
static void remove_trays(void) {
  struct failure failure;
  wchar_t folder[PATH_CAPACITY], self[PATH_CAPACITY];
  // An MSI may have been told another folder than ours.
  if (path_of_self(self) && path_folder(folder, self)) end_window_programs(folder);
  if (!path_program_files(folder, &failure)) return;
  end_window_programs(folder);
  if (path_join(self, folder, TRAYS_FOLDER)) remove_tree(self);
  // Only when an MSI has put its programs elsewhere there is nothing in it now.
  RemoveDirectoryW(folder);
}

bool uninstall(const struct uninstall_options *options, struct failure *failure) {
  struct service_folders folders;
  struct safe_mode_marker marker;
  if (!windows_service_stop(failure)) return false;
  // Nobody would take the computer out of Safe Mode any more.
  if (service_folders_name(&folders, failure) && reboot_read_marker(&folders, &marker)) reboot_clear_values(failure);
  remove_trays();
  if (options->is_msi) {
    installed_keys_remove_rest();
    return remove_data(true, failure);
  }
  if (!windows_service_remove(failure)) return false;
  installed_keys_remove();
  bool is_gone = remove_data(options->purge, failure);
  remove_programs();
  return is_gone;
}
