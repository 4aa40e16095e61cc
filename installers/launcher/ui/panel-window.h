#ifndef GURUCONNECT_PANEL_WINDOW_H
#define GURUCONNECT_PANEL_WINDOW_H

#include <windows.h>

#include "panel-content.h"

/** One panel on the screen. */
struct panel_window;

struct panel_window_handler {
  void *context;
  void (*on_pressed)(void *context, const char *button_id);
};

/** NULL when Windows gives no window. Belongs to the thread that opens it. */
struct panel_window *panel_window_open(const struct panel_content *content, const struct panel_window_handler *handler);
void panel_window_close(struct panel_window *window);

/** Whether the message was for its keyboard handling. */
bool panel_window_takes(struct panel_window *window, MSG *message);

#endif
