#include "node-process.h"

#include <stdio.h>
#include <string.h>

#include "../common/win/log.h"
#include "../common/win/security.h"
#include "../common/win/text-windows.h"
#include "session-desktop.h"

enum { COMMAND_CAPACITY = 4096, LARGEST_LOG = 4 * 1024 * 1024 };

/** What the agent says in words; the one before is kept. */
static bool log_file(const struct service_folders *folders, wchar_t file[PATH_CAPACITY]) {
  wchar_t old[PATH_CAPACITY];
  WIN32_FILE_ATTRIBUTE_DATA data;
  if (!path_join(file, folders->logs, L"agent.log") || !path_join(old, folders->logs, L"agent.log.old")) return false;
  bool is_large = GetFileAttributesExW(file, GetFileExInfoStandard, &data) &&
                  (data.nFileSizeHigh > 0 || data.nFileSizeLow > LARGEST_LOG);
  if (is_large) MoveFileExW(file, old, MOVEFILE_REPLACE_EXISTING);
  return true;
}

/** Text that outlives the options which point into it. */
struct node_text {
  wchar_t program[PATH_CAPACITY], command[COMMAND_CAPACITY], log[PATH_CAPACITY], server[512], ca_file[PATH_CAPACITY];
  wchar_t self[PATH_CAPACITY], proxy[300];
  struct variable variables[10];
};

static bool describe(struct node_text *text, struct child_options *options, const struct node_setup *setup,
                     const wchar_t *arguments, const wchar_t *pipe, const wchar_t *token_file,
                     struct failure *failure) {
  bool has_ca = setup->config->ca[0] != '\0';
  wchar_t script[PATH_CAPACITY];
  if (!path_join(text->program, setup->pack, L"node.exe") || !path_join(script, setup->pack, L"main.mjs") ||
      !path_join(text->ca_file, setup->folders->data, L"ca.pem") || !log_file(setup->folders, text->log) ||
      !path_of_self(text->self) ||
      !to_wide(setup->config->origin, text->server, sizeof text->server / sizeof *text->server) ||
      !format_wide(text->command, COMMAND_CAPACITY, L"\"%ls\" \"%ls\" %ls", text->program, script, arguments)) {
    return fail(failure, EXIT_UNEXPECTED, "The agent's command line is too long.");
  }
  size_t n = 0;
  text->variables[n++] = (struct variable){L"GURUCONNECT_SERVER", text->server};
  text->variables[n++] = (struct variable){L"GURUCONNECT_STATE_DIR", setup->folders->data};
  text->variables[n++] = (struct variable){L"GURUCONNECT_CA_FILE", has_ca ? text->ca_file : NULL};
  text->variables[n++] = (struct variable){L"GURUCONNECT_UI", setup->ui};
  // What restarts the computer when the server has told the agent to.
  text->variables[n++] = (struct variable){L"GURUCONNECT_SERVICE", text->self};
  text->variables[n++] = (struct variable){L"GURUCONNECT_PIPE", pipe};
  text->variables[n++] = (struct variable){L"GURUCONNECT_TOKEN_FILE", token_file};
  bool has_proxy = setup->proxy && setup->proxy->server[0] &&
                   format_wide(text->proxy, sizeof text->proxy / sizeof *text->proxy, L"http://%hs",
                               setup->proxy->server);
  // An administrator's own variable stays where Windows itself knows of no proxy.
  if (has_proxy) {
    text->variables[n++] = (struct variable){setup->config->is_secure ? L"HTTPS_PROXY" : L"HTTP_PROXY", text->proxy};
  }
  // What an administrator set for programs of their own must not change what runs as SYSTEM.
  text->variables[n++] = (struct variable){L"NODE_OPTIONS", NULL};
  *options = (struct child_options){.program = text->program,
                                    .command_line = text->command,
                                    .folder = setup->pack,
                                    .log_file = text->log,
                                    .variables = text->variables,
                                    .variable_count = n};
  return true;
}

static void said(void *context, const struct json *json) {
  const struct node *node = context;
  struct node_message message;
  node_message_read(json, &message);
  if (message.type == NODE_MESSAGE_OTHER) return;
  struct core_event event = {.type = EVENT_NODE_SAID, .number = node->number, .serial = node->serial};
  event.value = (int64_t)message.type | message.check_in_seconds << 8;
  strcpy(event.text, message.text);
  event_queue_put(node->queue, &event);
}

static void opened(void *context) {
  const struct node *node = context;
  struct core_event event = {.type = EVENT_NODE_OPEN, .number = node->number, .serial = node->serial};
  event_queue_put(node->queue, &event);
}

bool node_start(struct node *node, const struct node_setup *setup, const wchar_t *mode, DWORD session,
                struct failure *failure) {
  static const wchar_t DESKTOP[] = L"winsta0\\default";
  wchar_t pipe[64];
  struct node_text text;
  struct child_options options;
  HANDLE token = NULL;
  struct line_handler handler = {.context = node, .on_message = said, .on_open = opened};
  node->queue = setup->queue;
  node->serial++;
  node->session = session;
  node->started_at = GetTickCount64();
  if (!pipe_name_make(pipe, failure) || !describe(&text, &options, setup, mode, pipe, NULL, failure)) return false;
  if (!session_token(session, &token, failure)) return false;
  node->channel = line_channel_listen(pipe, ACL_PIPE_PRIVATE, &handler, failure);
  options.token = token;
  // A service has a window station of its own, without a screen; that of people is asked for by its name.
  options.desktop = DESKTOP;
  node->is_started = node->channel && child_start(&node->child, &options, failure);
  if (token) CloseHandle(token);
  if (node->is_started) return true;
  if (node->channel) line_channel_close(node->channel);
  node->channel = NULL;
  return false;
}

bool node_has_ended(const struct node *node, DWORD *code) {
  return WaitForSingleObject(node->child.process, 0) == WAIT_OBJECT_0 &&
         GetExitCodeProcess(node->child.process, code);
}

void node_close(struct node *node) {
  if (!node->is_started) return;
  node->is_started = false;
  child_close(&node->child);
  line_channel_close(node->channel);
  node->channel = NULL;
}

bool node_run(const struct node_setup *setup, const wchar_t *arguments, const wchar_t *token_file,
              DWORD milliseconds, DWORD *code, struct failure *failure) {
  struct node_text text;
  struct child_options options;
  struct child child;
  if (!describe(&text, &options, setup, arguments, NULL, token_file, failure)) return false;
  if (setup->output) options.log_file = setup->output;
  if (!child_start(&child, &options, failure)) return false;
  bool is_done = WaitForSingleObject(child.process, milliseconds) == WAIT_OBJECT_0 &&
                 GetExitCodeProcess(child.process, code);
  if (!is_done) fail(failure, EXIT_AGENT_DID_NOT_START, "The agent did not come to an end in time.");
  child_close(&child);
  return is_done;
}
