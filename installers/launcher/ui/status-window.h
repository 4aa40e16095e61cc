#ifndef GURUCONNECT_STATUS_WINDOW_H
#define GURUCONNECT_STATUS_WINDOW_H

#include <windows.h>

#include <stdbool.h>

/**
 * The window that says what is going on: whose it is, a sentence, how far it is, a field for the code when one is
 * wanted, and buttons. The `status_window_...` functions may be called from any thread; texts are UTF-8.
 */
struct status_window;

struct status_window_handler {
  void *context;
  /** Window's thread. The person wants to end it, or closes the window once it is over. */
  void (*on_stop)(void *context);
  void (*on_code)(void *context, const char *code);
  void (*on_elevate)(void *context, HWND window);
};

/** NULL when Windows gives no window. The elevation button is there when `on_elevate` is. */
struct status_window *status_window_open(const char *title, const struct status_window_handler *handler);

/** Runs it until `status_window_end`, or the person closes it after `status_window_finish`. */
void status_window_run(struct status_window *window);
void status_window_free(struct status_window *window);

void status_window_title(void *window, const char *text);
void status_window_status(void *window, const char *text);
/** 0 to 1000, or -1 for no bar. */
void status_window_progress(void *window, int permille);
void status_window_ask_code(void *window, const char *text);
void status_window_running(void *window, bool is_running);
/** It is over: shows how it ended. Closes by itself after `milliseconds`, or (0) when the person closes it. */
void status_window_finish(void *window, const char *text, unsigned milliseconds);

#endif
