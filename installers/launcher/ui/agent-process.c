#include "agent-process.h"

#include <string.h>

#include "../common/win/text-windows.h"

/** Writes the authority where Node can read it; the empty path when there is none. */
static bool write_authority(const struct agent_start *start, wchar_t path[PATH_CAPACITY], struct failure *failure) {
  path[0] = L'\0';
  if (start->config->ca[0] == '\0') return true;
  return path_join(path, start->state, L"ca.pem") &&
         write_file(path, start->config->ca, strlen(start->config->ca), failure);
}

bool agent_process_start(struct child *child, const struct agent_start *start, struct failure *failure) {
  wchar_t program[PATH_CAPACITY], log[PATH_CAPACITY], ca[PATH_CAPACITY], code[16], origin[512], line[PATH_CAPACITY + 64];
  wchar_t proxy[300] = L"";
  bool ok = path_join(program, start->pack, L"node.exe") && path_join(log, start->state, L"agent.log") &&
            to_wide(start->code, code, 16) && to_wide(start->config->origin, origin, 512) &&
            format_wide(line, PATH_CAPACITY + 64, L"\"%ls\" main.mjs --one-time", program);
  if (!ok) return fail(failure, EXIT_DISK, "A path is too long.");
  if (!write_authority(start, ca, failure)) return false;
  if (start->proxy && start->proxy->server[0]) format_wide(proxy, 300, L"http://%hs", start->proxy->server);
  const struct variable variables[] = {
      {L"GURUCONNECT_SERVER", origin},
      {L"GURUCONNECT_CODE", code},
      {L"GURUCONNECT_CA_FILE", ca[0] ? ca : NULL},
      {L"GURUCONNECT_STATE_DIR", start->state},
      {L"GURUCONNECT_PIPE", start->pipe},
      {L"GURUCONNECT_UI", start->ui},
      // What a user has set for Node is for other programs; here it could only do harm.
      {L"NODE_OPTIONS", NULL},
      {L"NODE_PATH", NULL},
      {L"NODE_EXTRA_CA_CERTS", NULL},
      {L"NODE_TLS_REJECT_UNAUTHORIZED", NULL},
      // Last, since it is left out where Windows knows of no proxy; a variable of the user's stays then.
      {start->config->is_secure ? L"HTTPS_PROXY" : L"HTTP_PROXY", proxy},
  };
  struct child_options options = {
      .program = program,
      .command_line = line,
      .folder = start->pack,
      .log_file = log,
      .variables = variables,
      .variable_count = sizeof variables / sizeof *variables - (proxy[0] ? 0 : 1),
      .token = start->token,
      .desktop = start->desktop,
      .environment = start->environment,
  };
  return child_start(child, &options, failure);
}
