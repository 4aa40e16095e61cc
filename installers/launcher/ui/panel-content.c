#include "panel-content.h"

#include <string.h>

#include "../common/win/text-windows.h"

/** A text that is too long is cut, since something must be shown. */
static bool read_text(const struct json *json, const struct json_node *node, wchar_t *out, size_t capacity) {
  char text[4096];
  if (!json_text(json, node, text, sizeof text)) return false;
  wchar_t wide[4096];
  if (!to_wide(text, wide, 4096)) return false;
  wcsncpy(out, wide, capacity - 1);
  out[capacity - 1] = L'\0';
  return true;
}

/** Windows takes `&` for the mark of a key; the agent's labels have none. */
static void double_marks(wchar_t *text, size_t capacity) {
  size_t length = wcslen(text);
  for (size_t i = 0; i < length; i++) {
    if (text[i] != L'&' || length + 2 > capacity) continue;
    wmemmove(text + i + 1, text + i, length - i + 1);
    length++;
    i++;
  }
}

static bool read_button(const struct json *json, const struct json_node *node, struct panel_button *button) {
  const struct json_node *look = json_member(json, node, "look");
  button->look = json_is(json, look, "primary")  ? BUTTON_PRIMARY
                 : json_is(json, look, "danger") ? BUTTON_DANGER
                                                 : BUTTON_PLAIN;
  if (!json_text(json, json_member(json, node, "id"), button->id, sizeof button->id) ||
      !read_text(json, json_member(json, node, "label"), button->label, 128)) {
    return false;
  }
  double_marks(button->label, 128);
  return true;
}

bool panel_content_read(struct panel_content *content, const struct json *json, const struct json_node *panel) {
  memset(content, 0, sizeof *content);
  content->is_banner = json_is(json, json_member(json, panel, "kind"), "banner");
  if (!read_text(json, json_member(json, panel, "title"), content->title, PANEL_TEXT)) return false;
  const struct json_node *lines = json_member(json, panel, "lines");
  for (const struct json_node *line = json_first(json, lines); line; line = json_next(json, lines, line)) {
    if (content->line_count == PANEL_MAX_LINES) break;
    if (!read_text(json, line, content->lines[content->line_count++], PANEL_TEXT)) return false;
  }
  const struct json_node *buttons = json_member(json, panel, "buttons");
  for (const struct json_node *button = json_first(json, buttons); button;
       button = json_next(json, buttons, button)) {
    if (content->button_count == PANEL_MAX_BUTTONS) break;
    if (!read_button(json, button, &content->buttons[content->button_count++])) return false;
  }
  return true;
}
