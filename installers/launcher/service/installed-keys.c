#include "installed-keys.h"

#include <windows.h>

#include "../common/win/paths.h"
#include "../common/win/text-windows.h"
#include "service-names.h"

#define PROTOCOL L"Software\\Classes\\guruconnect"
#define RUN L"Software\\Microsoft\\Windows\\CurrentVersion\\Run"
#define PROGRAMS L"Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\GuruConnect"
#define SAFE_BOOT L"SYSTEM\\CurrentControlSet\\Control\\SafeBoot\\"

enum { COMMAND_CAPACITY = PATH_CAPACITY + 64 };

static bool set_text(const wchar_t *path, const wchar_t *name, const wchar_t *value, struct failure *failure) {
  LONG error = RegSetKeyValueW(HKEY_LOCAL_MACHINE, path, name, REG_SZ, value,
                               (DWORD)((wcslen(value) + 1) * sizeof *value));
  if (error == ERROR_SUCCESS) return true;
  return fail(failure, EXIT_NOT_PERMITTED, "The registry cannot be written (error %ld). Run this as an administrator.",
              error);
}

static bool set_number(const wchar_t *path, const wchar_t *name, DWORD value, struct failure *failure) {
  LONG error = RegSetKeyValueW(HKEY_LOCAL_MACHINE, path, name, REG_DWORD, &value, sizeof value);
  return error == ERROR_SUCCESS || fail(failure, EXIT_NOT_PERMITTED, "The registry cannot be written (%ld).", error);
}

static bool write_protocol(const wchar_t *ui, struct failure *failure) {
  wchar_t command[COMMAND_CAPACITY];
  format_wide(command, COMMAND_CAPACITY, L"\"%ls\" --url \"%%1\"", ui);
  return set_text(PROTOCOL, NULL, L"URL:GuruConnect session", failure) &&
         set_text(PROTOCOL, L"URL Protocol", L"", failure) &&
         set_text(PROTOCOL L"\\shell\\open\\command", NULL, command, failure);
}

static bool write_tray(const wchar_t *ui, struct failure *failure) {
  wchar_t command[COMMAND_CAPACITY];
  format_wide(command, COMMAND_CAPACITY, L"\"%ls\" --tray", ui);
  return set_text(RUN, SERVICE_NAME, command, failure);
}

static bool write_program(const struct config *config, const wchar_t *folder, const wchar_t *service,
                          struct failure *failure) {
  wchar_t command[COMMAND_CAPACITY], version[64];
  if (!to_wide(config->version, version, 64)) version[0] = L'\0';
  format_wide(command, COMMAND_CAPACITY, L"\"%ls\" --uninstall", service);
  return set_text(PROGRAMS, L"DisplayName", SERVICE_TITLE, failure) &&
         set_text(PROGRAMS, L"DisplayVersion", version, failure) &&
         set_text(PROGRAMS, L"Publisher", L"GuruConnect", failure) &&
         set_text(PROGRAMS, L"InstallLocation", folder, failure) &&
         set_text(PROGRAMS, L"DisplayIcon", service, failure) &&
         set_text(PROGRAMS, L"UninstallString", command, failure) &&
         set_text(PROGRAMS, L"QuietUninstallString", command, failure) &&
         set_number(PROGRAMS, L"NoModify", 1, failure) && set_number(PROGRAMS, L"NoRepair", 1, failure);
}

bool installed_keys_write(const struct config *config, const wchar_t *folder, struct failure *failure) {
  wchar_t ui[PATH_CAPACITY], service[PATH_CAPACITY];
  if (!path_join(ui, folder, UI_FILE) || !path_join(service, folder, SERVICE_FILE)) {
    return fail(failure, EXIT_DISK, "The path of the programs is too long.");
  }
  return write_protocol(ui, failure) && write_tray(ui, failure) && register_safe_boot("Network", failure) &&
         write_program(config, folder, service, failure);
}

void installed_keys_remove_rest(void) {
  RegDeleteTreeW(HKEY_LOCAL_MACHINE, SAFE_BOOT L"Minimal\\" SERVICE_NAME);
}

void installed_keys_remove(void) {
  RegDeleteTreeW(HKEY_LOCAL_MACHINE, PROTOCOL);
  RegDeleteKeyValueW(HKEY_LOCAL_MACHINE, RUN, SERVICE_NAME);
  RegDeleteTreeW(HKEY_LOCAL_MACHINE, PROGRAMS);
  RegDeleteTreeW(HKEY_LOCAL_MACHINE, SAFE_BOOT L"Network\\" SERVICE_NAME);
  RegDeleteTreeW(HKEY_LOCAL_MACHINE, L"Software\\GuruConnect");
  installed_keys_remove_rest();
}
