#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "../common/win/log.h"
#include "../common/win/resources.h"
#include "../common/win/text-windows.h"
#include "core-run.h"
#include "reboot.h"
#include "service-names.h"

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
  if (!is_done) fprintf(stderr, "%s\n", failure.text);
  return is_done ? EXIT_OK : (int)failure.code;
}

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
  if (wcscmp(verb, L"--core") == 0) return run_core(config, count, arguments);
  if (wcscmp(verb, L"--reboot") == 0) return run_reboot(count, arguments);
  fputs("The agent is run by Windows as a service.\n", stderr);
  return EXIT_BAD_COMMAND_LINE;
}
