#include "panel.h"

#include <windows.h>

#include <stdlib.h>

#include "../common/parse/text-buffer.h"
#include "../common/win/line-channel.h"
#include "../common/win/log.h"
#include "panel-window.h"

/** How long the agent, which makes the pipe before it starts us, may take to be there. */
#define CONNECT_MS 10000
/** To the thread with the windows: the panel to show (a copy of its own, NULL for none), or the end. */
enum { MESSAGE_SHOW = WM_APP + 1, MESSAGE_END };

struct panel {
  DWORD thread;
  struct line_channel *channel;
  struct panel_window *window;
};

static void on_message(void *context, const struct json *json) {
  struct panel *panel = context;
  const struct json_node *wanted = json_member(json, json->nodes, "panel");
  if (!json_is(json, json_member(json, json->nodes, "type"), "show") || !wanted) return;
  struct panel_content *content = NULL;
  if (wanted->type != JSON_NULL) {
    content = malloc(sizeof *content);
    if (!content || !panel_content_read(content, json, wanted)) {
      log_line("a panel could not be read");
      free(content);
      return;
    }
  }
  if (!PostThreadMessageW(panel->thread, MESSAGE_SHOW, 0, (LPARAM)content)) free(content);
}

static void on_end(void *context) {
  struct panel *panel = context;
  PostThreadMessageW(panel->thread, MESSAGE_END, 0, 0);
}

static void on_pressed(void *context, const char *button_id) {
  struct panel *panel = context;
  char room[256];
  struct text_buffer line = text_buffer_over(room, sizeof room);
  text_add(&line, "{");
  text_add_json_member(&line, "type", "pressed");
  text_add_json_member(&line, "buttonId", button_id);
  text_add(&line, "}");
  line_channel_send(panel->channel, line.text);
}

static void show(struct panel *panel, struct panel_content *content) {
  struct panel_window_handler handler = {.context = panel, .on_pressed = on_pressed};
  panel_window_close(panel->window);
  panel->window = content ? panel_window_open(content, &handler) : NULL;
  free(content);
}

bool panel_run(const wchar_t *pipe, struct failure *failure) {
  struct panel panel = {.thread = GetCurrentThreadId()};
  struct line_handler handler = {.context = &panel, .on_message = on_message, .on_end = on_end};
  MSG message;
  // The queue must be there before the other thread posts to it.
  PeekMessageW(&message, NULL, WM_USER, WM_USER, PM_NOREMOVE);
  panel.channel = line_channel_connect(pipe, CONNECT_MS, &handler, failure);
  if (!panel.channel) return false;
  while (GetMessageW(&message, NULL, 0, 0) > 0 && message.message != MESSAGE_END) {
    if (message.hwnd == NULL && message.message == MESSAGE_SHOW) {
      show(&panel, (struct panel_content *)message.lParam);
    } else if (!panel_window_takes(panel.window, &message)) {
      TranslateMessage(&message);
      DispatchMessageW(&message);
    }
  }
  panel_window_close(panel.window);
  line_channel_close(panel.channel);
  return true;
}
