#ifndef GURUCONNECT_PANEL_CONTENT_H
#define GURUCONNECT_PANEL_CONTENT_H

#include <stdbool.h>
#include <wchar.h>

#include "../common/parse/json.h"
#include "look.h"

enum { PANEL_MAX_LINES = 12, PANEL_MAX_BUTTONS = 6, PANEL_TEXT = 512 };

struct panel_button {
  char id[64];
  wchar_t label[128];
  enum button_look look;
};

/** What one panel says. */
struct panel_content {
  bool is_banner;
  wchar_t title[PANEL_TEXT];
  int line_count, button_count;
  wchar_t lines[PANEL_MAX_LINES][PANEL_TEXT];
  struct panel_button buttons[PANEL_MAX_BUTTONS];
};

/** Reads the `panel` of a `show` message; false for what cannot be shown. Longer lists than there is room are cut. */
bool panel_content_read(struct panel_content *content, const struct json *json, const struct json_node *panel);

#endif
