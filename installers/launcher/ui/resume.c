#include "resume.h"

#include <stdio.h>
#include <string.h>
#include <windows.h>

#include "../common/win/line-channel.h"
#include "../common/win/log.h"
#include "../common/win/security.h"
#include "status-window.h"
#include "transient-setup.h"

/** How long the agent may take to say goodbye before its service is stopped. */
#define GOODBYE_MS 6000
#define GOODBYE_SHOWN_MS 3000

struct resuming {
  const struct command *command;
  const struct config *config;
  struct status_window *window;
  struct transient_folders folders;
  struct line_channel *channel;
  /** `ended`: the agent has left the pipe. `stop`: the service is to be stopped whether it has or not. */
  HANDLE ended, stop;
  volatile LONG cancelled;
  char last[320];
  struct failure failure;
  bool ok;
};

static void tell(struct resuming *resuming, const char *text) {
  if (resuming->window) status_window_status(resuming->window, text);
}

static void on_message(void *context, const struct json *json) {
  struct resuming *resuming = context;
  char text[320];
  const struct json_node *root = json->nodes;
  if (!json_text(json, json_member(json, root, "text"), text, sizeof text) || text[0] == '\0') return;
  const struct json_node *type = json_member(json, root, "type");
  if (json_is(json, type, "over")) snprintf(resuming->last, sizeof resuming->last, "%s", text);
  if (json_is(json, type, "over") || json_is(json, type, "state")) tell(resuming, text);
}

static void on_end(void *context) {
  struct resuming *resuming = context;
  SetEvent(resuming->ended);
}

/** The person pressed Stop: the agent is asked, and its service stopped if it takes too long. */
static DWORD WINAPI stop_in_order(void *context) {
  struct resuming *resuming = context;
  bool asked = resuming->channel && line_channel_send(resuming->channel, "{\"type\":\"stop\"}");
  if (asked) WaitForSingleObject(resuming->ended, GOODBYE_MS);
  SetEvent(resuming->stop);
  return 0;
}

static void on_stop(void *context) {
  struct resuming *resuming = context;
  InterlockedExchange(&resuming->cancelled, 1);
  HANDLE thread = CreateThread(NULL, 0, stop_in_order, resuming, 0, NULL);
  if (thread) CloseHandle(thread);
}

static bool run_session(struct resuming *resuming, const char *code) {
  wchar_t pipe[64];
  struct line_handler handler = {.context = resuming, .on_message = on_message, .on_end = on_end};
  if (!pipe_name_make(pipe, &resuming->failure)) return false;
  resuming->channel = line_channel_listen(pipe, ACL_PIPE_PRIVATE, &handler, &resuming->failure);
  if (!resuming->channel) return false;
  SC_HANDLE service = transient_start(&resuming->folders, code, pipe, &resuming->failure);
  if (!service) return false;
  transient_wait(service, resuming->stop);
  CloseServiceHandle(service);
  return true;
}

static void show_progress(void *context, int permille) {
  struct resuming *resuming = context;
  if (resuming->window) status_window_progress(resuming->window, permille);
}

static void show_status(void *context, const char *text) { tell(context, text); }

static DWORD WINAPI work(void *context) {
  struct resuming *resuming = context;
  char code[SESSION_CODE_DIGITS + 1];
  struct pack_view view = {resuming, show_status, show_progress, &resuming->cancelled};
  if (!transient_code(resuming->command->target, code)) {
    resuming->ok = fail(&resuming->failure, EXIT_BAD_COMMAND_LINE, "This is not the folder of a session.");
  } else if (transient_folders_find(&resuming->folders, code, &resuming->failure)) {
    resuming->ok = transient_prepare(&resuming->folders, resuming->command->target, resuming->config, &view,
                                     &resuming->failure);
    show_progress(resuming, -1);
    if (resuming->ok) tell(resuming, "Continuing as administrator\xe2\x80\xa6");
    resuming->ok = resuming->ok && run_session(resuming, code);
    line_channel_close(resuming->channel);
    transient_remove(&resuming->folders);
  }
  const char *goodbye = resuming->last[0] ? resuming->last : "The session has ended.";
  const char *text = resuming->ok ? goodbye : resuming->failure.text;
  if (resuming->window) status_window_finish(resuming->window, text, resuming->ok ? GOODBYE_SHOWN_MS : 0);
  return 0;
}

enum exit_code resume_run(const struct command *command, const struct config *config) {
  struct resuming resuming = {.command = command, .config = config};
  struct status_window_handler handler = {.context = &resuming, .on_stop = on_stop};
  resuming.ended = CreateEventW(NULL, TRUE, FALSE, NULL);
  resuming.stop = CreateEventW(NULL, TRUE, FALSE, NULL);
  if (!command->quiet) resuming.window = status_window_open(config->company, &handler);
  if (!resuming.window) {
    work(&resuming);
  } else {
    HANDLE thread = CreateThread(NULL, 0, work, &resuming, 0, NULL);
    status_window_run(resuming.window);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    status_window_free(resuming.window);
  }
  if (!resuming.ok) log_line("failed (%d): %s", (int)resuming.failure.code, resuming.failure.text);
  return resuming.ok ? EXIT_OK : resuming.failure.code;
}
