#include "installer.h"

#include <windows.h>

#include "../common/parse/encoding.h"
#include "../common/win/child.h"
#include "../common/win/log.h"
#include "../common/win/release.h"
#include "../common/win/security.h"
#include "../common/win/text-windows.h"
#include "elevation.h"
#include "status-window.h"

#define INSTALL_MS 180000

struct installing {
  const struct command *command;
  const struct config *config;
  struct status_window *window;
  volatile LONG cancelled;
  struct failure failure;
  bool ok;
};

static void report(void *context, uint64_t done, uint64_t total) {
  struct installing *installing = context;
  if (installing->window) status_window_progress(installing->window, total ? (int)(done * 1000 / total) : 0);
}

static void tell(struct installing *installing, const char *text) {
  if (installing->window) status_window_status(installing->window, text);
}

/** A folder that nobody but administrators can write to: what lies there is about to run as one. */
static bool make_folder(wchar_t folder[PATH_CAPACITY], struct failure *failure) {
  uint8_t bytes[8];
  char hex[17];
  wchar_t base[PATH_CAPACITY];
  if (!path_machine_data(base, failure)) return false;
  if (!random_bytes(bytes, sizeof bytes)) return fail(failure, EXIT_UNEXPECTED, "Windows gave no random numbers.");
  hex_encode(bytes, sizeof bytes, hex);
  return format_wide(folder, PATH_CAPACITY, L"%ls-setup-%hs", base, hex) &&
         make_protected_folder(folder, ACL_ADMINISTRATORS, failure);
}

static bool fetch_programs(struct installing *installing, const wchar_t *folder, wchar_t service[PATH_CAPACITY]) {
  struct failure *failure = &installing->failure;
  struct http_progress progress = {.context = installing, .report = report};
  struct http_client client;
  struct manifest manifest;
  char text[MANIFEST_MAX_SIZE];
  uint8_t signature[SIGNATURE_SIZE];
  size_t size;
  wchar_t ui[PATH_CAPACITY];
  if (!http_open(&client, installing->config, failure)) return false;
  client.cancelled = &installing->cancelled;
  bool ok = manifest_fetch(&client, NULL, &manifest, text, &size, signature, failure);
  if (ok && (!manifest.service.is_named || !manifest.ui.is_named)) {
    ok = fail(failure, EXIT_BAD_SIGNATURE, "The server's list of programs is not complete.");
  }
  ok = ok && path_join(service, folder, L"guruconnect-service.exe") && path_join(ui, folder, L"GuruConnect.exe") &&
       blob_fetch(&client, &manifest.service, service, &progress, failure) &&
       blob_fetch(&client, &manifest.ui, ui, &progress, failure);
  http_close(&client);
  return ok;
}

static bool install(struct installing *installing, const wchar_t *folder, const wchar_t *service) {
  wchar_t line[PATH_CAPACITY + 128];
  struct child child;
  DWORD code = EXIT_UNEXPECTED;
  struct child_options options = {.program = service, .command_line = line, .folder = folder};
  if (!format_wide(line, PATH_CAPACITY + 128, L"\"%ls\" --install --token %hs", service, installing->command->token)) {
    return fail(&installing->failure, EXIT_DISK, "A path is too long.");
  }
  if (!child_start(&child, &options, &installing->failure)) return false;
  if (WaitForSingleObject(child.process, INSTALL_MS) == WAIT_OBJECT_0) GetExitCodeProcess(child.process, &code);
  child_close(&child);
  log_line("the service's own installation returned %lu", code);
  if (code == EXIT_OK) return true;
  return fail(&installing->failure, (enum exit_code)code, "The service could not be installed (code %lu).", code);
}

static DWORD WINAPI work(void *context) {
  struct installing *installing = context;
  wchar_t folder[PATH_CAPACITY] = L"", service[PATH_CAPACITY];
  tell(installing, "Downloading\xe2\x80\xa6");
  installing->ok = make_folder(folder, &installing->failure) && fetch_programs(installing, folder, service);
  if (installing->ok) {
    if (installing->window) status_window_progress(installing->window, -1);
    tell(installing, "Installing\xe2\x80\xa6");
    installing->ok = install(installing, folder, service);
  }
  if (folder[0]) remove_tree(folder);
  const char *last = installing->ok ? "GuruConnect is installed on this computer." : installing->failure.text;
  bool is_cancelled = !installing->ok && installing->failure.code == EXIT_CANCELLED;
  if (installing->window) status_window_finish(installing->window, last, is_cancelled ? 1 : 0);
  return 0;
}

static void on_stop(void *context) {
  struct installing *installing = context;
  InterlockedExchange(&installing->cancelled, 1);
}

static enum exit_code finish(struct installing *installing) {
  if (!installing->ok) log_line("failed (%d): %s", (int)installing->failure.code, installing->failure.text);
  return installing->ok ? EXIT_OK : installing->failure.code;
}

/** The elevated copy has the same name and so the same token; it shows its own window. */
static bool hand_over(struct installing *installing) {
  wchar_t self[PATH_CAPACITY];
  DWORD code = EXIT_UNEXPECTED;
  const wchar_t *arguments = installing->command->quiet ? L"--quiet" : L"";
  if (!path_of_self(self)) return fail(&installing->failure, EXIT_DISK, "A path is too long.");
  HANDLE elevated = run_as_administrator(NULL, self, arguments, &installing->failure);
  if (!elevated) {
    wchar_t text[640];
    bool shown = !installing->command->quiet && to_wide(installing->failure.text, text, 640);
    if (shown) MessageBoxW(NULL, text, L"GuruConnect", MB_OK | MB_ICONWARNING | MB_SETFOREGROUND);
    return false;
  }
  WaitForSingleObject(elevated, INFINITE);
  GetExitCodeProcess(elevated, &code);
  CloseHandle(elevated);
  return code == EXIT_OK || fail(&installing->failure, (enum exit_code)code, "The elevated program failed.");
}

enum exit_code installer_run(const struct command *command, const struct config *config) {
  struct installing installing = {.command = command, .config = config};
  struct status_window_handler handler = {.context = &installing, .on_stop = on_stop};
  if (!is_administrator()) {
    installing.ok = hand_over(&installing);
    return finish(&installing);
  }
  if (!command->quiet) installing.window = status_window_open(config->company, &handler);
  if (!installing.window) {
    work(&installing);
    return finish(&installing);
  }
  HANDLE thread = CreateThread(NULL, 0, work, &installing, 0, NULL);
  status_window_run(installing.window);
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
  status_window_free(installing.window);
  return finish(&installing);
}
