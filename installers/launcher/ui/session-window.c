#include "session-window.h"

#include <windows.h>

#include "../common/win/log.h"
#include "self-delete.h"
#include "session.h"
#include "status-window.h"

/** How long the last sentence stands. */
#define GOODBYE_SHOWN_MS 3000

struct run {
  struct session *session;
  struct status_window *window;
  struct failure failure;
  char last[320];
  bool ok;
};

static void on_stop(void *context) {
  struct run *run = context;
  session_stop(run->session);
}

static void on_code(void *context, const char *code) {
  struct run *run = context;
  session_give_code(run->session, code);
}

static void on_elevate(void *context, HWND handle) {
  struct run *run = context;
  struct failure failure;
  if (session_elevate(run->session, handle, &failure)) ShowWindow(handle, SW_HIDE);
  else status_window_status(run->window, failure.text);
}

static DWORD WINAPI work(void *context) {
  struct run *run = context;
  run->ok = session_run(run->session, run->last, &run->failure);
  bool was_cancelled = !run->ok && run->failure.code == EXIT_CANCELLED;
  const char *goodbye = run->last[0] ? run->last : "The session has ended.";
  if (run->ok || was_cancelled) status_window_finish(run->window, goodbye, was_cancelled ? 1 : GOODBYE_SHOWN_MS);
  else status_window_finish(run->window, run->failure.text, 0);
  return 0;
}

static void run_with_window(struct run *run) {
  HANDLE thread = CreateThread(NULL, 0, work, run, 0, NULL);
  status_window_run(run->window);
  // Its window is gone only after its work is done.
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
}

/** Puts together who shows what: the window, or nobody. */
static struct session *make_session(struct run *run, const struct command *command, const struct config *config) {
  struct status_window_handler handler = {run, on_stop, on_code, on_elevate};
  struct session_view view = {0};
  if (!command->quiet) {
    run->window = status_window_open(config->company, &handler);
    if (!run->window) return NULL;
    view = (struct session_view){run->window,           status_window_status,   status_window_progress,
                                 status_window_title, status_window_ask_code, status_window_running};
  }
  return session_new(config, command->code, &view);
}

enum exit_code session_window_run(const struct command *command, const struct config *config) {
  struct run run = {0};
  run.session = make_session(&run, command, config);
  if (!run.session) return EXIT_UNEXPECTED;
  if (run.window) run_with_window(&run);
  else run.ok = session_run(run.session, run.last, &run.failure);
  if (run.window) status_window_free(run.window);
  session_free(run.session);
  if (!run.ok) log_line("failed (%d): %s", (int)run.failure.code, run.failure.text);
  // After a failure the person may want to try again with the same file.
  bool is_done = run.ok || run.failure.code == EXIT_CANCELLED;
  if (is_done && !command->keep) self_delete();
  return run.ok ? EXIT_OK : run.failure.code;
}
