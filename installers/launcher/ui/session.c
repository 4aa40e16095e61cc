#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/win/line-channel.h"
#include "../common/win/log.h"
#include "../common/win/security.h"
#include "agent-process.h"
#include "elevation.h"
#include "pack-source.h"
#include "session-files.h"

/** Beyond the time of unpacking: a network that has not said by then whether it has a proxy is believed to have none. */
#define PROXY_MS 2000
/** How long the agent may take to say goodbye before it is ended. */
#define GOODBYE_MS 6000
/** Only an agent that never connected lets this pass. */
#define LAST_WORDS_MS 1000

struct session {
  const struct config *config;
  struct session_view view;
  struct session_files files;
  wchar_t pack[PATH_CAPACITY];
  HANDLE pack_use;
  struct http_proxy_search *proxy_search;
  struct child agent;
  struct line_channel *channel;
  /** Set by the window. */
  volatile LONG stopped;
  HANDLE stop, code_given;
  /** Set when nothing more can come from the agent. */
  HANDLE all_heard;
  CRITICAL_SECTION lock;
  char code[SESSION_CODE_DIGITS + 1];
  bool is_running;
  /** Guarded by the lock as well: what the agent said last, and how it ended. */
  char last[320];
  bool has_outcome, has_failed;
  /** The elevated copy that goes on in our place. */
  HANDLE successor;
};

struct session *session_new(const struct config *config, const char *code, const struct session_view *view) {
  struct session *session = calloc(1, sizeof *session);
  if (!session) return NULL;
  session->config = config;
  session->view = *view;
  session->files.lock = session->pack_use = INVALID_HANDLE_VALUE;
  session->stop = CreateEventW(NULL, TRUE, FALSE, NULL);
  session->code_given = CreateEventW(NULL, FALSE, FALSE, NULL);
  session->all_heard = CreateEventW(NULL, TRUE, FALSE, NULL);
  InitializeCriticalSection(&session->lock);
  snprintf(session->code, sizeof session->code, "%s", code);
  return session;
}

void session_free(struct session *session) {
  CloseHandle(session->stop);
  CloseHandle(session->code_given);
  CloseHandle(session->all_heard);
  DeleteCriticalSection(&session->lock);
  free(session);
}

static void show_status(struct session *session, const char *text) {
  if (session->view.status) session->view.status(session->view.context, text);
}

static void show_progress(struct session *session, int permille) {
  if (session->view.progress) session->view.progress(session->view.context, permille);
}

static void show_running(struct session *session, bool is_running) {
  EnterCriticalSection(&session->lock);
  session->is_running = is_running;
  LeaveCriticalSection(&session->lock);
  if (session->view.running) session->view.running(session->view.context, is_running);
}

static void send(struct session *session, const char *line) {
  if (session->channel && !line_channel_send(session->channel, line)) log_line("the agent did not take a message");
}

void session_give_code(struct session *session, const char code[SESSION_CODE_DIGITS + 1]) {
  char line[64];
  EnterCriticalSection(&session->lock);
  memcpy(session->code, code, SESSION_CODE_DIGITS + 1);
  bool is_running = session->is_running;
  LeaveCriticalSection(&session->lock);
  SetEvent(session->code_given);
  if (!is_running) return;
  snprintf(line, sizeof line, "{\"type\":\"code\",\"code\":\"%s\"}", code);
  send(session, line);
}

void session_stop(struct session *session) {
  InterlockedExchange(&session->stopped, 1);
  SetEvent(session->stop);
}

static void remember(struct session *session, const char *text, bool is_outcome, bool has_failed) {
  EnterCriticalSection(&session->lock);
  if (text[0] != '\0') snprintf(session->last, sizeof session->last, "%s", text);
  if (is_outcome) {
    session->has_outcome = true;
    session->has_failed = has_failed;
  }
  LeaveCriticalSection(&session->lock);
}

static void on_state(struct session *session, const struct json *json, const char *text) {
  char company[256];
  if (json_text(json, json_member(json, json->nodes, "company"), company, sizeof company) && company[0] != '\0' &&
      session->view.company) {
    session->view.company(session->view.context, company);
  }
  if (text[0] != '\0') show_status(session, text);
}

static void on_message(void *context, const struct json *json) {
  struct session *session = context;
  char type[32], text[320], outcome[16];
  const struct json_node *root = json->nodes;
  if (!json_text(json, json_member(json, root, "type"), type, sizeof type)) return;
  json_text(json, json_member(json, root, "text"), text, sizeof text);
  if (strcmp(type, "state") == 0) {
    on_state(session, json, text);
  } else if (strcmp(type, "code-refused") == 0) {
    log_line("the code was refused");
    const char *why = text[0] != '\0' ? text : "This code is not valid.";
    // Nobody can be asked without a window.
    if (session->view.ask_code) session->view.ask_code(session->view.context, why);
    else remember(session, why, true, true), session_stop(session);
  } else if (strcmp(type, "puzzle") == 0) {
    show_status(session, "The server is busy. Please wait\xe2\x80\xa6");
  } else if (strcmp(type, "over") == 0) {
    json_text(json, json_member(json, root, "outcome"), outcome, sizeof outcome);
    log_line("the agent says that it is over: %s", outcome);
    remember(session, text, true, strcmp(outcome, "failed") == 0);
    if (text[0] != '\0') show_status(session, text);
  }
}

static void on_end(void *context) {
  struct session *session = context;
  SetEvent(session->all_heard);
}

/** Asks for a code if there is none, so that the person can type it while the program's files are unpacked. */
static bool ask_for_code(struct session *session, struct failure *failure) {
  if (session->code[0] != '\0') return true;
  if (!session->view.ask_code) {
    return fail(failure, EXIT_BAD_COMMAND_LINE, "A code of six digits is needed: --code 123456.");
  }
  session->view.ask_code(session->view.context, "Type the code that you were given.");
  return true;
}

/** Waits until there is a code; false when the person stops instead. */
static bool wait_for_code(struct session *session, struct failure *failure) {
  if (session->code[0] != '\0') return true;
  show_status(session, "Waiting for your code\xe2\x80\xa6");
  HANDLE events[] = {session->code_given, session->stop};
  if (WaitForMultipleObjects(2, events, FALSE, INFINITE) == WAIT_OBJECT_0) return true;
  return fail(failure, EXIT_CANCELLED, "Cancelled.");
}

static bool start_agent(struct session *session, struct failure *failure) {
  wchar_t pipe[64], self[PATH_CAPACITY];
  struct http_proxy proxy;
  struct line_handler handler = {.context = session, .on_message = on_message, .on_end = on_end};
  if (!path_of_self(self) || !pipe_name_make(pipe, failure)) return false;
  session->channel = line_channel_listen(pipe, ACL_PIPE_PRIVATE, &handler, failure);
  http_proxy_search_end(session->proxy_search, PROXY_MS, &proxy);
  session->proxy_search = NULL;
  struct agent_start start = {.config = session->config, .pack = session->pack, .state = session->files.state,
                              .code = session->code, .pipe = pipe, .ui = self, .proxy = &proxy};
  return session->channel && agent_process_start(&session->agent, &start, failure);
}

/** Until the agent has ended by itself, because it was told to, or because an elevated one took over. */
static bool watch_agent(struct session *session, struct failure *failure) {
  HANDLE events[] = {session->agent.process, session->stop};
  DWORD code = 1;
  if (WaitForMultipleObjects(2, events, FALSE, INFINITE) == WAIT_OBJECT_0 + 1) {
    send(session, "{\"type\":\"stop\"}");
    if (WaitForSingleObject(session->agent.process, GOODBYE_MS) != WAIT_OBJECT_0) child_kill(&session->agent);
    WaitForSingleObject(session->agent.process, 2000);
  }
  show_running(session, false);
  // Its last words may still be in the pipe when it is gone.
  WaitForSingleObject(session->all_heard, LAST_WORDS_MS);
  GetExitCodeProcess(session->agent.process, &code);
  log_line("the agent returned %lu", code);
  if (session->successor || (session->stopped && !session->has_failed)) return true;
  if (session->has_outcome ? !session->has_failed : code == 0) return true;
  const char *why = session->last[0] ? session->last : "The connection to the support has ended unexpectedly.";
  return fail(failure, EXIT_SESSION_FAILED, "%s", why);
}

/** The elevated copy shows its own window; ours only waits to clean up behind it. */
static bool watch_successor(struct session *session, struct failure *failure) {
  DWORD code = 1;
  if (!session->successor) return true;
  WaitForSingleObject(session->successor, INFINITE);
  GetExitCodeProcess(session->successor, &code);
  CloseHandle(session->successor);
  log_line("the elevated program returned %lu", code);
  return code == EXIT_OK || fail(failure, EXIT_SESSION_FAILED, "The session has ended.");
}

static void clean_up(struct session *session) {
  line_channel_close(session->channel);
  session->channel = NULL;
  child_close(&session->agent);
  if (session->pack_use != INVALID_HANDLE_VALUE) CloseHandle(session->pack_use);
  session_files_remove(&session->files);
}

bool session_run(struct session *session, char last[320], struct failure *failure) {
  struct pack_view pack_view = {session->view.context, session->view.status, session->view.progress,
                                &session->stopped};
  last[0] = '\0';
  if (!session_files_find(&session->files, failure)) return false;
  session_files_remove_leftovers(&session->files);
  // Beside the unpacking, which takes longer on most networks.
  session->proxy_search = http_proxy_search_begin(session->config);
  bool ok = ask_for_code(session, failure) && pack_prepare(session->config, session->files.packs, &pack_view,
                                                           session->pack, &session->pack_use, failure);
  show_progress(session, -1);
  ok = ok && wait_for_code(session, failure);
  if (ok) show_status(session, "Connecting\xe2\x80\xa6");
  ok = ok && session_files_open(&session->files, session->code, failure) && start_agent(session, failure);
  if (ok) {
    show_running(session, true);
    ok = watch_agent(session, failure) && watch_successor(session, failure);
    EnterCriticalSection(&session->lock);
    snprintf(last, 320, "%s", session->last);
    LeaveCriticalSection(&session->lock);
  }
  clean_up(session);
  return ok;
}

bool session_elevate(struct session *session, HWND window, struct failure *failure) {
  HANDLE successor = elevation_start(window, session->files.state, failure);
  if (!successor) return false;
  session->successor = successor;
  // Hard, so that the agent does not end the session; its successor goes on with it by the token in the folder.
  child_kill(&session->agent);
  return true;
}
