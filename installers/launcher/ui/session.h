#ifndef GURUCONNECT_SESSION_H
#define GURUCONNECT_SESSION_H

#include <windows.h>

#include "../common/parse/config.h"
#include "../common/parse/file-name.h"

/** Who shows what a session does; called from the session's threads. Texts are UTF-8. NULL functions are skipped. */
struct session_view {
  void *context;
  void (*status)(void *context, const char *text);
  /** 0 to 1000, or -1 when there is nothing to measure. */
  void (*progress)(void *context, int permille);
  void (*company)(void *context, const char *name);
  /** A code is wanted (again): `text` says why. Answer with `session_give_code`, whenever that is. */
  void (*ask_code)(void *context, const char *text);
  /** The agent runs, so that it can be elevated; or not any more. */
  void (*running)(void *context, bool is_running);
};

struct session;

/** `code` may be empty. NULL when there is not enough memory. */
struct session *session_new(const struct config *config, const char *code, const struct session_view *view);
void session_free(struct session *session);

/**
 * Does all of it, from checking the program's parts to removing its files: returns when the session is over. `last`
 * gets the agent's last sentence. False with the reason when it failed.
 */
bool session_run(struct session *session, char last[320], struct failure *failure);

/** From any thread. */
void session_give_code(struct session *session, const char code[SESSION_CODE_DIGITS + 1]);

/** Ends it in order; the agent gets a few seconds to say goodbye. From any thread. */
void session_stop(struct session *session);

/**
 * Hands the session over to an elevated copy of this program, for which Windows asks. False when the person refused
 * or Windows could not; then all stays as it is. From the window's thread.
 */
bool session_elevate(struct session *session, HWND window, struct failure *failure);

#endif
