#include "panel-window.h"

#include <stdlib.h>
#include <string.h>

#include "../common/win/log.h"
#include "injected-input.h"

#define QUESTION_CLASS L"GuruConnectQuestion"
#define BANNER_CLASS L"GuruConnectBanner"
/** A person who types when a question appears must not answer it by accident. */
#define ENTER_AFTER_MS 500
/** Ids of buttons follow this one; those of Windows' own (IDOK, IDCANCEL) are below. */
enum { FIRST_BUTTON = 100 };
enum { QUESTION_WIDTH = 460, MARGIN = 24, BANNER_MARGIN = 12, BUTTON_HEIGHT = 34, GAP = 10 };

struct panel_window {
  HWND handle, title, lines[PANEL_MAX_LINES], buttons[PANEL_MAX_BUTTONS];
  struct panel_content content;
  struct panel_window_handler handler;
  struct look look;
  ULONGLONG opened_at;
};

static bool is_too_early(const struct panel_window *w) { return GetTickCount64() - w->opened_at < ENTER_AFTER_MS; }

/** A press counts only where a person did it; a banner's buttons only end things, so that anyone may press them. */
static void press(struct panel_window *w, int index) {
  if (index < 0 || index >= w->content.button_count) return;
  const struct panel_button *button = &w->content.buttons[index];
  bool grants = !w->content.is_banner && button->look == BUTTON_PRIMARY;
  if (grants && (injected_input_was_last() || is_too_early(w))) {
    log_line("a press of %s did not count: %s", button->id, is_too_early(w) ? "too early" : "not by a person");
    return;
  }
  w->handler.on_pressed(w->handler.context, button->id);
}

static int find_button(const struct panel_window *w, enum button_look look, const char *id) {
  for (int i = 0; i < w->content.button_count; i++) {
    const struct panel_button *button = &w->content.buttons[i];
    if (id ? strcmp(button->id, id) == 0 : button->look == look) return i;
  }
  return -1;
}

static void on_command(struct panel_window *w, int id) {
  if (id >= FIRST_BUTTON) press(w, id - FIRST_BUTTON);
  else if (id == IDCANCEL && !w->content.is_banner) press(w, find_button(w, BUTTON_PLAIN, "refuse"));
}

static int button_width(const struct panel_window *w, int index) {
  return look_text_width(&w->look, w->look.strong, w->content.buttons[index].label) + look_scale(&w->look, 36);
}

static int place_text(struct panel_window *w, HWND child, HFONT font, const wchar_t *text, int y, int gap) {
  int margin = look_scale(&w->look, MARGIN), width = look_scale(&w->look, QUESTION_WIDTH) - 2 * margin;
  int height = look_text_height(&w->look, font, text, width);
  MoveWindow(child, margin, y, width, height, TRUE);
  return y + height + look_scale(&w->look, gap);
}

/** Title, lines below one another, buttons at the right; in the middle of the screen. */
static void lay_out_question(struct panel_window *w, const RECT *area) {
  const struct look *look = &w->look;
  int width = look_scale(look, QUESTION_WIDTH), y = look_scale(look, 20), right = width - look_scale(look, MARGIN);
  y = place_text(w, w->title, look->title, w->content.title, y, 10);
  for (int i = 0; i < w->content.line_count; i++) {
    y = place_text(w, w->lines[i], look->font, w->content.lines[i], y, 6);
  }
  y += look_scale(look, 12);
  for (int i = w->content.button_count - 1; i >= 0; i--) {
    int wide = button_width(w, i);
    MoveWindow(w->buttons[i], right - wide, y, wide, look_scale(look, BUTTON_HEIGHT), TRUE);
    right -= wide + look_scale(look, GAP);
  }
  RECT frame = {0, 0, width, y + look_scale(look, BUTTON_HEIGHT + 20)};
  AdjustWindowRectExForDpi(&frame, (DWORD)GetWindowLongW(w->handle, GWL_STYLE), FALSE,
                           (DWORD)GetWindowLongW(w->handle, GWL_EXSTYLE), look->dpi);
  int full_width = frame.right - frame.left, full_height = frame.bottom - frame.top;
  SetWindowPos(w->handle, HWND_TOPMOST, (area->left + area->right - full_width) / 2,
               (area->top + area->bottom - full_height) / 2, full_width, full_height, SWP_NOACTIVATE);
}

/** All in one row, at the upper edge of the screen. */
static void lay_out_banner(struct panel_window *w, const RECT *area) {
  const struct look *look = &w->look;
  int margin = look_scale(look, BANNER_MARGIN), gap = look_scale(look, GAP), x = margin;
  int height = look_scale(look, BUTTON_HEIGHT + 12), most = area->right - area->left - 2 * margin;
  int buttons = 0;
  for (int i = 0; i < w->content.button_count; i++) buttons += button_width(w, i) + gap;
  for (int i = -1; i < w->content.line_count; i++) {
    HWND child = i < 0 ? w->title : w->lines[i];
    HFONT font = i < 0 ? look->strong : look->font;
    const wchar_t *text = i < 0 ? w->content.title : w->content.lines[i];
    int wide = look_text_width(look, font, text) + 2, tall = look_text_height(look, font, L"Mg", 0);
    if (x + wide + buttons > most) wide = most - x - buttons;
    if (wide < 0) wide = 0;
    MoveWindow(child, x, (height - tall) / 2, wide, tall, TRUE);
    x += wide + gap;
  }
  for (int i = 0; i < w->content.button_count; i++) {
    int wide = button_width(w, i), tall = look_scale(look, BUTTON_HEIGHT);
    MoveWindow(w->buttons[i], x, (height - tall) / 2, wide, tall, TRUE);
    x += wide + gap;
  }
  int width = x - gap + margin;
  SetWindowPos(w->handle, HWND_TOPMOST, (area->left + area->right - width) / 2, area->top, width, height,
               SWP_NOACTIVATE);
}

static void lay_out(struct panel_window *w) {
  MONITORINFO screen = {.cbSize = sizeof screen};
  GetMonitorInfoW(MonitorFromWindow(w->handle, MONITOR_DEFAULTTOPRIMARY), &screen);
  if (w->content.is_banner) lay_out_banner(w, &screen.rcMonitor);
  else lay_out_question(w, &screen.rcWork);
  InvalidateRect(w->handle, NULL, TRUE);
}

static void set_fonts(struct panel_window *w) {
  SendMessageW(w->title, WM_SETFONT, (WPARAM)(w->content.is_banner ? w->look.strong : w->look.title), FALSE);
  for (int i = 0; i < w->content.line_count; i++) SendMessageW(w->lines[i], WM_SETFONT, (WPARAM)w->look.font, FALSE);
}

static void make_children(struct panel_window *w) {
  const struct look *look = &w->look;
  DWORD cut = w->content.is_banner ? SS_NOPREFIX | SS_ENDELLIPSIS : SS_NOPREFIX;
  w->title = look_add(look, w->handle, L"STATIC", w->content.title, cut, 0);
  for (int i = 0; i < w->content.line_count; i++) {
    w->lines[i] = look_add(look, w->handle, L"STATIC", w->content.lines[i], cut, 0);
  }
  for (int i = 0; i < w->content.button_count; i++) {
    w->buttons[i] = look_add(look, w->handle, L"BUTTON", w->content.buttons[i].label, WS_TABSTOP | BS_OWNERDRAW,
                             FIRST_BUTTON + i);
  }
  set_fonts(w);
}

static void paint_edge(const struct panel_window *w, HDC dc) {
  RECT all;
  GetClientRect(w->handle, &all);
  FillRect(dc, &all, w->look.back_brush);
  if (!w->content.is_banner) return;
  // A strip without a frame needs one, on whatever is behind it.
  HBRUSH accent = CreateSolidBrush(w->look.accent);
  FrameRect(dc, &all, accent);
  RECT edge = {all.left, all.bottom - look_scale(&w->look, 3), all.right, all.bottom};
  FillRect(dc, &edge, accent);
  DeleteObject(accent);
}

static void renew_look(struct panel_window *w, UINT dpi) {
  look_free(&w->look);
  look_make(&w->look, dpi);
  set_fonts(w);
  lay_out(w);
}

static LRESULT CALLBACK procedure(HWND handle, UINT message, WPARAM wparam, LPARAM lparam) {
  struct panel_window *w = (struct panel_window *)GetWindowLongPtrW(handle, GWLP_USERDATA);
  if (!w) return DefWindowProcW(handle, message, wparam, lparam);
  switch (message) {
    case WM_COMMAND: return on_command(w, LOWORD(wparam)), 0;
    case WM_CLOSE: return on_command(w, IDCANCEL), 0;
    case DM_GETDEFID: {
      int primary = w->content.is_banner ? -1 : find_button(w, BUTTON_PRIMARY, NULL);
      return primary < 0 ? 0 : MAKELRESULT(FIRST_BUTTON + primary, DC_HASDEFID);
    }
    // The banner takes clicks but never the keyboard from what the person works with.
    case WM_MOUSEACTIVATE: return w->content.is_banner ? MA_NOACTIVATE : MA_ACTIVATE;
    case WM_ERASEBKGND: return paint_edge(w, (HDC)wparam), 1;
    case WM_CTLCOLORSTATIC: return (LRESULT)look_colour_control(&w->look, (HDC)wparam);
    case WM_DRAWITEM: {
      const DRAWITEMSTRUCT *item = (const DRAWITEMSTRUCT *)lparam;
      int index = (int)item->CtlID - FIRST_BUTTON;
      if (index < 0 || index >= w->content.button_count) return FALSE;
      return look_draw_button(&w->look, item, w->content.buttons[index].look), TRUE;
    }
    case WM_DPICHANGED: return renew_look(w, HIWORD(wparam)), 0;
    case WM_DISPLAYCHANGE:
    case WM_SETTINGCHANGE: return renew_look(w, w->look.dpi), 0;
    default: return DefWindowProcW(handle, message, wparam, lparam);
  }
}

struct panel_window *panel_window_open(const struct panel_content *content,
                                       const struct panel_window_handler *handler) {
  struct panel_window *w = calloc(1, sizeof *w);
  if (!w) return NULL;
  w->content = *content;
  w->handler = *handler;
  const wchar_t *class_name = content->is_banner ? BANNER_CLASS : QUESTION_CLASS;
  DWORD style = content->is_banner ? WS_POPUP : WS_POPUP | WS_CAPTION | WS_SYSMENU;
  DWORD more = content->is_banner ? WS_EX_TOPMOST | WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE : WS_EX_TOPMOST;
  look_register(class_name, procedure);
  w->handle = CreateWindowExW(more, class_name, content->title, style, 0, 0, 100, 100, NULL, NULL,
                              GetModuleHandleW(NULL), NULL);
  if (!w->handle) return free(w), NULL;
  look_make(&w->look, GetDpiForWindow(w->handle));
  look_apply_to_frame(&w->look, w->handle);
  make_children(w);
  SetWindowLongPtrW(w->handle, GWLP_USERDATA, (LONG_PTR)w);
  w->opened_at = GetTickCount64();
  lay_out(w);
  if (content->is_banner) {
    ShowWindow(w->handle, SW_SHOWNOACTIVATE);
    return w;
  }
  injected_input_watch();
  ShowWindow(w->handle, SW_SHOW);
  SetForegroundWindow(w->handle);
  if (content->button_count > 0) SetFocus(w->buttons[content->button_count - 1]);
  return w;
}

void panel_window_close(struct panel_window *w) {
  if (!w) return;
  if (!w->content.is_banner) injected_input_forget();
  SetWindowLongPtrW(w->handle, GWLP_USERDATA, 0);
  DestroyWindow(w->handle);
  look_free(&w->look);
  free(w);
}

bool panel_window_takes(struct panel_window *w, MSG *message) { return w && IsDialogMessageW(w->handle, message); }
