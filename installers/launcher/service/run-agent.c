#include "run-agent.h"

#include <stdio.h>

#include "../common/win/pack.h"
#include "../common/win/release.h"
#include "../common/win/text-windows.h"
#include "node-process.h"
#include "stub-slot.h"
#include "update-client.h"

enum { LONGEST_MS = 180000 };

static void print_file(const wchar_t *path) {
  char bytes[4096];
  DWORD count = 0, written;
  HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
  HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) return;
  while (ReadFile(file, bytes, sizeof bytes, &count, NULL) && count > 0) WriteFile(output, bytes, count, &written, NULL);
  CloseHandle(file);
}

/** The pack of what the service runs. */
static bool find_pack(const struct config *config, const struct service_folders *folders, wchar_t *pack,
                      struct failure *failure) {
  struct slots_state state;
  struct manifest manifest;
  slots_load(folders, &state);
  bool is_known = state.active != SLOT_NONE && slot_manifest(config, folders, state.active, &manifest, failure);
  if (!is_known && !manifest_from_resources(config, &manifest, failure)) return false;
  if (pack_folder(&manifest.pack, folders->packs, pack)) return true;
  return fail(failure, EXIT_AGENT_DID_NOT_START,
              "The agent has not been fetched yet. Start the service, and try again in a minute.");
}

int run_agent(const struct config *config, const wchar_t *arguments) {
  struct service_folders folders;
  struct failure failure;
  wchar_t pack[PATH_CAPACITY], output[PATH_CAPACITY], name[64];
  DWORD code = EXIT_UNEXPECTED;
  format_wide(name, 64, L"command-%lu.log", GetCurrentProcessId());
  bool is_run = service_folders_name(&folders, &failure) && find_pack(config, &folders, pack, &failure) &&
                path_join(output, folders.logs, name);
  if (is_run) {
    struct http_proxy proxy;
    http_proxy_find(config, &proxy);
    struct node_setup setup = {.proxy = &proxy, .config = config, .folders = &folders, .pack = pack, .output = output};
    is_run = node_run(&setup, arguments, NULL, LONGEST_MS, &code, &failure);
    print_file(output);
    DeleteFileW(output);
  }
  if (is_run) return (int)code;
  fprintf(stderr, "%s\n", failure.text);
  return (int)failure.code;
}
