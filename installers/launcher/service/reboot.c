#include "reboot.h"

#include <windows.h>

#include <stdio.h>
#include <string.h>

#include "../common/parse/json.h"
#include "../common/win/child.h"
#include "../common/win/log.h"
#include "../common/win/text-windows.h"
#include "service-names.h"

/** ERROR_SHUTDOWN_IS_SCHEDULED, which mingw-w64 does not name. */
#define ERROR_SHUTDOWN_IS_SCHEDULED_CODE 1190

enum { BCDEDIT_MS = 30000, MOST_MINUTES = 24 * 60 };

static bool marker_file(const struct service_folders *folders, wchar_t file[PATH_CAPACITY]) {
  return path_join(file, folders->data, L"safe-mode.json");
}

static bool write_marker(const struct service_folders *folders, const struct reboot_step *step,
                         struct failure *failure) {
  char text[128];
  wchar_t file[PATH_CAPACITY];
  snprintf(text, sizeof text, "{\"kind\":\"%s\",\"minutes\":%u}\n", step->text, (unsigned)step->number);
  return marker_file(folders, file) && write_file(file, text, strlen(text), failure);
}

bool reboot_read_marker(const struct service_folders *folders, struct safe_mode_marker *marker) {
  char text[256];
  wchar_t file[PATH_CAPACITY];
  size_t size = 0;
  struct failure failure;
  struct json_node nodes[16];
  struct json json;
  int64_t minutes;
  marker->minutes = SAFE_MODE_MINUTES;
  if (!marker_file(folders, file) || !path_exists(file)) return false;
  // One that is damaged is one all the same: Safe Mode must end.
  bool is_read = read_file(file, text, sizeof text, &size, &failure) && json_parse(&json, text, size, nodes, 16) &&
                 json_integer(&json, json_member(&json, nodes, "minutes"), &minutes);
  if (is_read && minutes >= 1 && minutes <= MOST_MINUTES) marker->minutes = (uint32_t)minutes;
  return true;
}

void reboot_remove_marker(const struct service_folders *folders) {
  wchar_t file[PATH_CAPACITY];
  if (marker_file(folders, file)) DeleteFileW(file);
}

/** Not tried under Wine, which has no bcdedit: written to Microsoft's description of `bcdedit /set`. */
static bool run_bcdedit(const char *arguments, bool may_fail, struct failure *failure) {
  wchar_t folder[PATH_CAPACITY], program[PATH_CAPACITY], words[256], command[PATH_CAPACITY + 300];
  struct child child;
  DWORD code = 1;
  if (!GetSystemDirectoryW(folder, PATH_CAPACITY) || !path_join(program, folder, L"bcdedit.exe") ||
      !to_wide(arguments, words, 256) ||
      !format_wide(command, PATH_CAPACITY + 300, L"\"%ls\" %ls", program, words)) {
    return fail(failure, EXIT_UNEXPECTED, "bcdedit was not found.");
  }
  struct child_options options = {.program = program, .command_line = command, .folder = folder};
  if (!child_start(&child, &options, failure)) return false;
  bool is_done = WaitForSingleObject(child.process, BCDEDIT_MS) == WAIT_OBJECT_0 &&
                 GetExitCodeProcess(child.process, &code);
  child_close(&child);
  if (is_done && (code == 0 || may_fail)) return true;
  return fail(failure, EXIT_NOT_PERMITTED, "bcdedit %s did not work (%lu).", arguments, code);
}

bool reboot_clear_values(struct failure *failure) {
  return run_bcdedit("/deletevalue {current} safeboot", true, failure) &&
         run_bcdedit("/deletevalue {current} safebootalternateshell", true, failure);
}

bool reboot_is_safe_mode(void) {
  // Only there while Windows runs in Safe Mode: 1 without, 2 with network.
  DWORD value = 0, size = sizeof value;
  return RegGetValueW(HKEY_LOCAL_MACHINE, L"SYSTEM\\CurrentControlSet\\Control\\SafeBoot\\Option", L"OptionValue",
                      RRF_RT_REG_DWORD, NULL, &value, &size) == ERROR_SUCCESS;
}

bool register_safe_boot(const char *mode, struct failure *failure) {
  wchar_t wide[16], key[256];
  static const wchar_t SERVICE[] = L"Service";
  if (!to_wide(mode, wide, 16) ||
      !format_wide(key, 256, L"SYSTEM\\CurrentControlSet\\Control\\SafeBoot\\%ls\\" SERVICE_NAME, wide)) {
    return fail(failure, EXIT_UNEXPECTED, "That is no mode of Safe Mode.");
  }
  LONG error = RegSetKeyValueW(HKEY_LOCAL_MACHINE, key, NULL, REG_SZ, SERVICE, sizeof SERVICE);
  if (error == ERROR_SUCCESS) return true;
  return fail(failure, EXIT_NOT_PERMITTED, "The service cannot be registered for Safe Mode (%ld).", error);
}

static bool enable_shutdown_privilege(void) {
  HANDLE token;
  TOKEN_PRIVILEGES privileges = {.PrivilegeCount = 1, .Privileges = {{.Attributes = SE_PRIVILEGE_ENABLED}}};
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, &token)) return false;
  bool is_set = LookupPrivilegeValueW(NULL, SE_SHUTDOWN_NAME, &privileges.Privileges[0].Luid) &&
                AdjustTokenPrivileges(token, FALSE, &privileges, 0, NULL, NULL) && GetLastError() == ERROR_SUCCESS;
  CloseHandle(token);
  return is_set;
}

/** Not tried under Wine, which would end the tests with it. */
static bool restart(const struct reboot_step *step, struct failure *failure) {
  static wchar_t message[] = L"Your IT support restarts this computer.";
  bool is_forced = step->number == 1;
  enable_shutdown_privilege();
  if (InitiateSystemShutdownExW(NULL, message, 0, is_forced, TRUE,
                                SHTDN_REASON_MAJOR_OTHER | SHTDN_REASON_MINOR_OTHER | SHTDN_REASON_FLAG_PLANNED)) {
    return true;
  }
  DWORD error = GetLastError();
  // Somebody else's shutdown is under way already: the wish is fulfilled.
  if (error == ERROR_SHUTDOWN_IN_PROGRESS || error == ERROR_SHUTDOWN_IS_SCHEDULED_CODE) return true;
  return fail(failure, EXIT_NOT_PERMITTED, "Windows does not restart (%lu).", error);
}

static bool run_step(const struct service_folders *folders, const struct reboot_step *step, struct failure *failure) {
  switch (step->kind) {
    case STEP_REGISTER_SAFE_BOOT:
      return register_safe_boot(step->text, failure);
    case STEP_WRITE_MARKER:
      return write_marker(folders, step, failure);
    case STEP_REMOVE_MARKER:
      reboot_remove_marker(folders);
      return true;
    case STEP_BCDEDIT:
      return run_bcdedit(step->text, false, failure);
    case STEP_BCDEDIT_IF_SET:
      return run_bcdedit(step->text, true, failure);
    case STEP_RESTART:
      return restart(step, failure);
  }
  return false;
}

static void print(const char *line) {
  DWORD count;
  HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
  WriteFile(output, line, (DWORD)strlen(line), &count, NULL);
  WriteFile(output, "\r\n", 2, &count, NULL);
}

bool reboot_run(const struct service_folders *folders, enum reboot_kind kind, bool only_print,
                struct failure *failure) {
  struct reboot_step steps[MOST_REBOOT_STEPS];
  char text[256];
  size_t count = plan_reboot(kind, steps);
  for (size_t i = 0; i < count; i++) {
    describe_reboot_step(&steps[i], text, sizeof text);
    if (only_print) print(text);
    else log_line("%s", text);
    if (!only_print && !run_step(folders, &steps[i], failure)) {
      // A machine that cannot be told to come back must not remember that it was to go.
      reboot_remove_marker(folders);
      return false;
    }
  }
  return true;
}
