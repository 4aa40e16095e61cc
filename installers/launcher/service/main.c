#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "../common/win/http.h"
#include "../common/win/log.h"
#include "../common/win/resources.h"
#include "../common/win/text-windows.h"
#include "core-run.h"
#include "install.h"
#include "reboot.h"
#include "run-agent.h"
#include "stub.h"

static bool has_option(int count, wchar_t **arguments, const wchar_t *name) {
  for (int i = 1; i < count; i++) {
    if (wcscmp(arguments[i], name) == 0) return true;
  }
  return false;
}

/** What follows an option, or NULL. */
static const wchar_t *option_value(int count, wchar_t **arguments, const wchar_t *name) {
  for (int i = 1; i + 1 < count; i++) {
    if (wcscmp(arguments[i], name) == 0) return arguments[i + 1];
  }
  return NULL;
}

static int end_with(bool is_done, const struct failure *failure) {
  if (!is_done) fprintf(stderr, "%s\n", failure->text);
  return is_done ? EXIT_OK : (int)failure->code;
}

static int run_core(const struct config *config, int count, wchar_t **arguments) {
  const wchar_t *slot = option_value(count, arguments, L"--slot");
  struct core_options options = {.control = option_value(count, arguments, L"--control"),
                                 .is_on_trial = has_option(count, arguments, L"--trial")};
  if (slot && wcscmp(slot, L"A") == 0) options.slot = SLOT_A;
  if (slot && wcscmp(slot, L"B") == 0) options.slot = SLOT_B;
  if (has_option(count, arguments, L"--console")) log_to_console();
  return core_run(config, &options);
}

static int run_reboot(int count, wchar_t **arguments) {
  const wchar_t *wide = option_value(count, arguments, L"--reboot");
  char word[32] = "";
  enum reboot_kind kind;
  struct service_folders folders;
  struct failure failure;
  if (!wide || !from_wide(wide, word, sizeof word) || !parse_reboot_kind(word, &kind)) {
    fputs("--reboot wants one of normal, emergency, safe, safe-network, safe-command, return-to-normal.\n", stderr);
    return EXIT_BAD_COMMAND_LINE;
  }
  bool is_done = service_folders_name(&folders, &failure) &&
                 reboot_run(&folders, kind, has_option(count, arguments, L"--dry-run"), &failure);
  return end_with(is_done, &failure);
}

static int run_install(const struct config *config, int count, wchar_t **arguments) {
  struct failure failure;
  bool is_done = install(config, option_value(count, arguments, L"--token"), &failure);
  return end_with(is_done, &failure);
}

static int run_uninstall(int count, wchar_t **arguments) {
  struct failure failure;
  struct uninstall_options options = {has_option(count, arguments, L"--purge"),
                                      has_option(count, arguments, L"--msi")};
  bool is_done = uninstall(&options, &failure);
  return end_with(is_done, &failure);
}

/** Goes back from Safe Mode now, whoever asked for it. */
static int run_safe_return(void) {
  struct service_folders folders;
  struct failure failure;
  bool is_done = service_folders_name(&folders, &failure) &&
                 reboot_run(&folders, REBOOT_RETURN_TO_NORMAL, false, &failure);
  return end_with(is_done, &failure);
}

/**
 * Whether anything of this computer reaches the server, whose answer is not asked for more. A redirection is not its,
 * but that of a network which wants people to sign in first; what stands before a server that is away says 5xx.
 */
static int run_reach(const struct config *config) {
  struct http_client client;
  struct http_request request = {.method = L"GET", .path = "/readyz"};
  struct failure failure;
  int status = 0;
  if (!http_open(&client, config, &failure)) return end_with(false, &failure);
  HINTERNET answer = http_send(&client, &request, &status, &failure);
  if (answer) WinHttpCloseHandle(answer);
  http_close(&client);
  if (!answer) return end_with(false, &failure);
  bool is_server = (status >= 200 && status < 300) || (status >= 400 && status < 500);
  return is_server ? EXIT_OK : EXIT_NO_NETWORK;
}

/** The command line as it was typed, without the program's own name: the agent takes it apart itself. */
static const wchar_t *typed_arguments(void) {
  const wchar_t *line = GetCommandLineW();
  bool is_quoted = *line == L'"';
  if (is_quoted) line++;
  while (*line && (is_quoted ? *line != L'"' : *line != L' ')) line++;
  if (*line == L'"') line++;
  return line + wcsspn(line, L" ");
}

static const char USAGE[] =
    "GuruConnect agent: lets a technician see and control this computer.\n\n"
    "  --install [--token TOKEN]  installs it as a service, or repairs it\n"
    "  --uninstall [--purge]      takes it away, with --purge the machine's identity too\n"
    "  --diagnose                 looks at what is between this computer and the server\n"
    "  --reconfigure [--name NAME] [--site SITE] [--department NAME] [--type TYPE] [--tag TAG ...]\n"
    "                             changes what this machine is called\n"
    "  --reboot KIND [--dry-run]  normal, emergency, safe, safe-network, safe-command, return-to-normal\n"
    "  --version\n";

/** Entry of a program whose arguments are UTF-16; no header of mingw-w64 names it. */
int wmain(int count, wchar_t **arguments);

int wmain(int count, wchar_t **arguments) {
  struct failure failure;
  // Libraries come from Windows alone, never from the folder that this program happens to lie in.
  SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
  struct config *config = calloc(1, sizeof *config);
  if (!config) return EXIT_UNEXPECTED;
  if (!config_from_resources(config, &failure)) {
    fprintf(stderr, "%s\n", failure.text);
    return (int)failure.code;
  }
  const wchar_t *verb = count > 1 ? arguments[1] : L"";
  if (wcscmp(verb, L"--version") == 0) {
    printf("%s\n", config->version);
    return EXIT_OK;
  }
  if (wcscmp(verb, L"--service") == 0) return stub_run(config, has_option(count, arguments, L"--console"));
  if (wcscmp(verb, L"--core") == 0) return run_core(config, count, arguments);
  if (wcscmp(verb, L"--install") == 0) return run_install(config, count, arguments);
  if (wcscmp(verb, L"--uninstall") == 0) return run_uninstall(count, arguments);
  if (wcscmp(verb, L"--reach") == 0) return run_reach(config);
  if (wcscmp(verb, L"--reboot") == 0) return run_reboot(count, arguments);
  if (wcscmp(verb, L"--safe-return") == 0) return run_safe_return();
  if (wcscmp(verb, L"--diagnose") == 0 || wcscmp(verb, L"--reconfigure") == 0) {
    return run_agent(config, typed_arguments());
  }
  fputs(USAGE, stderr);
  return wcscmp(verb, L"--help") == 0 ? EXIT_OK : EXIT_BAD_COMMAND_LINE;
}
