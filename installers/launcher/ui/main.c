#include <windows.h>

#include <shellapi.h>
#include <stdio.h>

#include "../common/win/log.h"
#include "../common/win/paths.h"
#include "../common/win/resources.h"
#include "../common/win/text-windows.h"
#include "command-line.h"
#include "installer.h"
#include "panel.h"
#include "resume.h"
#include "session-files.h"
#include "session-window.h"
#include "tray.h"

/** Tells a person why the program ends; only the log when nobody is to be bothered. */
static enum exit_code refuse(const struct command *command, const struct failure *failure) {
  wchar_t text[640];
  log_line("failed (%d): %s", (int)failure->code, failure->text);
  if (!command->quiet && to_wide(failure->text, text, 640)) {
    MessageBoxW(NULL, text, L"GuruConnect", MB_OK | MB_ICONWARNING | MB_SETFOREGROUND);
  }
  return failure->code;
}

/** The log stays in the user's own folder when something fails, and is removed when all went well. */
static void open_log(wchar_t path[PATH_CAPACITY]) {
  struct failure ignored;
  if (path_user_data(path, &ignored) && path_join(path, path, L"launcher.log")) log_open(path);
}

static void close_log(const wchar_t *path, enum exit_code code) {
  wchar_t folder[PATH_CAPACITY];
  log_close();
  if (code != EXIT_OK && code != EXIT_CANCELLED) return;
  DeleteFileW(path);
  if (path_folder(folder, path)) RemoveDirectoryW(folder);
}

static enum exit_code print_version(const struct command *command) {
  static struct config config;
  struct failure failure;
  char line[256];
  DWORD written;
  if (!config_from_resources(&config, &failure)) return refuse(command, &failure);
  int size = snprintf(line, sizeof line, "GuruConnect %s\r\n", config.version);
  HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
  if (output && WriteFile(output, line, (DWORD)size, &written, NULL)) return EXIT_OK;
  wchar_t text[256];
  if (!command->quiet && to_wide(line, text, 256)) MessageBoxW(NULL, text, L"GuruConnect", MB_OK);
  return EXIT_OK;
}

static enum exit_code clean_up(const struct command *command) {
  struct session_files files;
  struct failure failure;
  if (!session_files_find(&files, &failure)) return refuse(command, &failure);
  // All that no running session holds, the named folder among them; the name itself is nobody's to choose.
  session_files_remove_leftovers(&files);
  session_files_remove(&files);
  return EXIT_OK;
}

static enum exit_code run(const struct command *command) {
  static struct config config;
  struct failure failure;
  if (command->kind == COMMAND_VERSION) return print_version(command);
  if (command->kind == COMMAND_CLEANUP) return clean_up(command);
  // Panels are of whoever started us, and need no server.
  if (command->kind == COMMAND_PANEL) {
    return panel_run(command->target, &failure) ? EXIT_OK : refuse(command, &failure);
  }
  if (command->kind == COMMAND_TRAY) return tray_run();
  if (!config_from_resources(&config, &failure)) return refuse(command, &failure);
  switch (command->kind) {
    case COMMAND_SESSION: return session_window_run(command, &config);
    case COMMAND_INSTALLER: return installer_run(command, &config);
    case COMMAND_RESUME: return resume_run(command, &config);
    case COMMAND_TRANSIENT_SERVICE: return transient_service_run(command, &config);
    default: break;
  }
  fail(&failure, EXIT_BAD_COMMAND_LINE, "This program does not know what it was asked to do.");
  return refuse(command, &failure);
}

int WINAPI wWinMain(HINSTANCE instance, HINSTANCE previous, LPWSTR text, int show) {
  (void)instance;
  (void)previous;
  (void)text;
  (void)show;
  wchar_t self[PATH_CAPACITY], log[PATH_CAPACITY] = L"";
  struct command command;
  struct failure failure;
  int count = 0;
  // Downloads folders are where others plant libraries.
  SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
  SetDllDirectoryW(L"");
  wchar_t **arguments = CommandLineToArgvW(GetCommandLineW(), &count);
  if (!arguments || !path_of_self(self)) return EXIT_UNEXPECTED;
  bool is_read = command_read(&command, count, arguments, self, &failure);
  if (is_read && command.kind == COMMAND_PANEL) command.quiet = true;
  // Panels come and go while another copy of us writes the log; the tray is there for days and has nothing to tell.
  bool is_logged = !is_read || (command.kind != COMMAND_PANEL && command.kind != COMMAND_TRAY);
  if (is_logged) open_log(log);
  enum exit_code code = is_read ? run(&command) : refuse(&command, &failure);
  if (is_logged) close_log(log, code);
  return code;
}
