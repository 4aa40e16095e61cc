#include "status-window.h"

#include <commctrl.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "../common/parse/file-name.h"
#include "../common/win/text-windows.h"
#include "look.h"

#define CLASS_NAME L"GuruConnectStatus"
enum { ID_CODE = 10, ID_CONNECT = 11, ID_ELEVATE = 12 };
enum { MESSAGE_TITLE = WM_APP, MESSAGE_STATUS, MESSAGE_PROGRESS, MESSAGE_ASK_CODE, MESSAGE_RUNNING, MESSAGE_FINISH };
enum { WIDTH = 440, MARGIN = 24, BUTTON_HEIGHT = 34, GAP = 12, TIMER_CLOSE = 1 };

struct status_window {
  HWND handle, title, status, bar, prompt, code, connect, elevate, stop;
  struct look look;
  struct status_window_handler handler;
  bool is_asking, is_running, is_over, has_bar;
};

/** Puts a child at its place and returns the place below it; hidden ones take none. */
static int place(struct status_window *w, HWND child, bool shown, int y, int height, int gap) {
  int margin = look_scale(&w->look, MARGIN);
  ShowWindow(child, shown ? SW_SHOWNA : SW_HIDE);
  if (!shown) return y;
  MoveWindow(child, margin, y, look_scale(&w->look, WIDTH) - 2 * margin, height, TRUE);
  return y + height + look_scale(&w->look, gap);
}

static int text_height(struct status_window *w, HWND child, HFONT font) {
  wchar_t text[640];
  GetWindowTextW(child, text, 640);
  return look_text_height(&w->look, font, text, look_scale(&w->look, WIDTH - 2 * MARGIN));
}

static void place_button(struct status_window *w, HWND button, bool shown, int *right, int y) {
  wchar_t text[80];
  ShowWindow(button, shown ? SW_SHOWNA : SW_HIDE);
  if (!shown) return;
  GetWindowTextW(button, text, 80);
  int width = look_text_width(&w->look, w->look.strong, text) + look_scale(&w->look, 36);
  *right -= width;
  MoveWindow(button, *right, y, width, look_scale(&w->look, BUTTON_HEIGHT), TRUE);
  *right -= look_scale(&w->look, GAP);
}

static void lay_out(struct status_window *w) {
  struct look *look = &w->look;
  int y = look_scale(look, 20), width = look_scale(look, WIDTH), margin = look_scale(look, MARGIN);
  y = place(w, w->title, true, y, text_height(w, w->title, look->title), 6);
  int status = text_height(w, w->status, look->font), least = look_scale(look, 40);
  y = place(w, w->status, true, y, status > least ? status : least, GAP);
  y = place(w, w->bar, w->has_bar, y, look_scale(look, 8), GAP);
  y = place(w, w->prompt, w->is_asking, y, text_height(w, w->prompt, look->font), 6);
  ShowWindow(w->code, w->is_asking ? SW_SHOWNA : SW_HIDE);
  if (w->is_asking) {
    int height = look_scale(look, 30);
    MoveWindow(w->code, margin, y, look_scale(look, 140), height, TRUE);
    int right = margin + look_scale(look, 140 + GAP + 120);
    place_button(w, w->connect, true, &right, y - look_scale(look, 2));
    y += height + look_scale(look, GAP);
  } else {
    ShowWindow(w->connect, SW_HIDE);
  }
  int right = width - margin;
  y += look_scale(look, 4);
  place_button(w, w->stop, true, &right, y);
  place_button(w, w->elevate, w->is_running && w->handler.on_elevate != NULL, &right, y);
  RECT frame = {0, 0, width, y + look_scale(look, BUTTON_HEIGHT + 20)};
  AdjustWindowRectExForDpi(&frame, (DWORD)GetWindowLongW(w->handle, GWL_STYLE), FALSE, 0, look->dpi);
  SetWindowPos(w->handle, NULL, 0, 0, frame.right - frame.left, frame.bottom - frame.top,
               SWP_NOMOVE | SWP_NOZORDER | SWP_NOACTIVATE);
  InvalidateRect(w->handle, NULL, TRUE);
}

static void set_fonts(struct status_window *w) {
  HWND children[] = {w->status, w->prompt, w->code};
  for (size_t i = 0; i < 3; i++) SendMessageW(children[i], WM_SETFONT, (WPARAM)w->look.font, FALSE);
  SendMessageW(w->title, WM_SETFONT, (WPARAM)w->look.title, FALSE);
}

static void make_children(struct status_window *w) {
  struct look *look = &w->look;
  w->title = look_add(look, w->handle, L"STATIC", L"", SS_NOPREFIX, 0);
  w->status = look_add(look, w->handle, L"STATIC", L"Starting\x2026", SS_NOPREFIX, 0);
  w->bar = look_add(look, w->handle, PROGRESS_CLASSW, L"Progress", 0, 0);
  SendMessageW(w->bar, PBM_SETRANGE32, 0, 1000);
  // Right before the field, so that screen readers take it for the field's name.
  w->prompt = look_add(look, w->handle, L"STATIC", L"", SS_NOPREFIX, 0);
  w->code = look_add(look, w->handle, L"EDIT", L"", WS_TABSTOP | WS_BORDER | ES_AUTOHSCROLL, ID_CODE);
  SendMessageW(w->code, EM_SETLIMITTEXT, 16, 0);
  w->connect = look_add(look, w->handle, L"BUTTON", L"&Connect", WS_TABSTOP | BS_OWNERDRAW, ID_CONNECT);
  w->elevate = look_add(look, w->handle, L"BUTTON", L"Run as &administrator", WS_TABSTOP | BS_OWNERDRAW, ID_ELEVATE);
  w->stop = look_add(look, w->handle, L"BUTTON", L"&Stop", WS_TABSTOP | BS_OWNERDRAW, IDCANCEL);
  set_fonts(w);
}

static void connect(struct status_window *w) {
  wchar_t typed[32];
  char text[128], code[SESSION_CODE_DIGITS + 1];
  GetWindowTextW(w->code, typed, 32);
  if (!from_wide(typed, text, sizeof text) || !code_from_typing(text, code)) {
    SetWindowTextW(w->prompt, L"The code has six digits.");
    lay_out(w);
    SetFocus(w->code);
    return;
  }
  w->is_asking = false;
  lay_out(w);
  SetFocus(w->stop);
  w->handler.on_code(w->handler.context, code);
}

static void on_command(struct status_window *w, int id) {
  if (id == ID_CONNECT || (id == IDOK && w->is_asking)) {
    connect(w);
  } else if (id == ID_ELEVATE) {
    w->handler.on_elevate(w->handler.context, w->handle);
  } else if (id == IDCANCEL && w->is_over) {
    DestroyWindow(w->handle);
  } else if (id == IDCANCEL) {
    EnableWindow(w->stop, FALSE);
    SetWindowTextW(w->status, L"Ending\x2026");
    w->handler.on_stop(w->handler.context);
  }
}

static void ask_code(struct status_window *w, const wchar_t *text) {
  w->is_asking = true;
  SetWindowTextW(w->prompt, text);
  SetWindowTextW(w->code, L"");
  lay_out(w);
  SetFocus(w->code);
}

static void finish(struct status_window *w, const wchar_t *text, unsigned milliseconds) {
  w->is_over = true;
  w->is_asking = w->is_running = w->has_bar = false;
  SetWindowTextW(w->status, text);
  SetWindowTextW(w->stop, L"&Close");
  EnableWindow(w->stop, TRUE);
  lay_out(w);
  SetFocus(w->stop);
  if (milliseconds > 0) SetTimer(w->handle, TIMER_CLOSE, milliseconds, NULL);
}

static void on_own_message(struct status_window *w, UINT message, WPARAM number, wchar_t *text) {
  switch (message) {
    case MESSAGE_TITLE: SetWindowTextW(w->title, text); break;
    case MESSAGE_STATUS: SetWindowTextW(w->status, text); break;
    case MESSAGE_PROGRESS:
      w->has_bar = (int)number >= 0;
      SendMessageW(w->bar, PBM_SETPOS, w->has_bar ? number : 0, 0);
      break;
    case MESSAGE_ASK_CODE: ask_code(w, text); break;
    case MESSAGE_RUNNING: w->is_running = number != 0; break;
    case MESSAGE_FINISH: finish(w, text, (unsigned)number); break;
    default: break;
  }
  free(text);
  lay_out(w);
}

static void on_dpi(struct status_window *w, UINT dpi, const RECT *wanted) {
  look_free(&w->look);
  look_make(&w->look, dpi);
  set_fonts(w);
  SetWindowPos(w->handle, NULL, wanted->left, wanted->top, 0, 0, SWP_NOSIZE | SWP_NOZORDER | SWP_NOACTIVATE);
  lay_out(w);
}

static LRESULT CALLBACK procedure(HWND handle, UINT message, WPARAM wparam, LPARAM lparam) {
  struct status_window *w = (struct status_window *)GetWindowLongPtrW(handle, GWLP_USERDATA);
  if (!w) return DefWindowProcW(handle, message, wparam, lparam);
  if (message >= MESSAGE_TITLE && message <= MESSAGE_FINISH) {
    return on_own_message(w, message, wparam, (wchar_t *)lparam), 0;
  }
  switch (message) {
    case WM_COMMAND: return on_command(w, LOWORD(wparam)), 0;
    case WM_CLOSE: return on_command(w, IDCANCEL), 0;
    case WM_TIMER: return DestroyWindow(handle), 0;
    case WM_DESTROY: return PostQuitMessage(0), 0;
    // Enter connects while a code is asked for; else it presses what has the focus.
    case DM_GETDEFID: return w->is_asking ? MAKELRESULT(ID_CONNECT, DC_HASDEFID) : 0;
    case WM_ERASEBKGND: {
      RECT all;
      GetClientRect(handle, &all);
      return FillRect((HDC)wparam, &all, w->look.back_brush), 1;
    }
    case WM_CTLCOLORSTATIC:
    case WM_CTLCOLOREDIT: return (LRESULT)look_colour_control(&w->look, (HDC)wparam);
    case WM_DRAWITEM: {
      const DRAWITEMSTRUCT *item = (const DRAWITEMSTRUCT *)lparam;
      bool primary = item->CtlID == ID_CONNECT || (item->CtlID == IDCANCEL && w->is_over);
      look_draw_button(&w->look, item, primary ? BUTTON_PRIMARY : BUTTON_PLAIN);
      return TRUE;
    }
    case WM_DPICHANGED: return on_dpi(w, HIWORD(wparam), (const RECT *)lparam), 0;
    default: return DefWindowProcW(handle, message, wparam, lparam);
  }
}

static void move_to_middle(HWND handle) {
  RECT area, window;
  if (!SystemParametersInfoW(SPI_GETWORKAREA, 0, &area, 0) || !GetWindowRect(handle, &window)) return;
  SetWindowPos(handle, NULL, (area.left + area.right - (window.right - window.left)) / 2,
               (area.top + area.bottom - (window.bottom - window.top)) / 2, 0, 0,
               SWP_NOSIZE | SWP_NOZORDER | SWP_NOACTIVATE);
}

struct status_window *status_window_open(const char *title, const struct status_window_handler *handler) {
  INITCOMMONCONTROLSEX controls = {sizeof controls, ICC_PROGRESS_CLASS};
  struct status_window *w = calloc(1, sizeof *w);
  if (!w) return NULL;
  InitCommonControlsEx(&controls);
  look_register(CLASS_NAME, procedure);
  w->handler = *handler;
  w->handle = CreateWindowExW(WS_EX_APPWINDOW, CLASS_NAME, L"GuruConnect",
                              WS_OVERLAPPED | WS_CAPTION | WS_SYSMENU | WS_MINIMIZEBOX, CW_USEDEFAULT, CW_USEDEFAULT,
                              WIDTH, 200, NULL, NULL, GetModuleHandleW(NULL), NULL);
  if (!w->handle) return free(w), NULL;
  look_make(&w->look, GetDpiForWindow(w->handle));
  look_apply_to_frame(&w->look, w->handle);
  make_children(w);
  wchar_t text[300];
  if (to_wide(title, text, 300)) SetWindowTextW(w->title, text);
  SetWindowLongPtrW(w->handle, GWLP_USERDATA, (LONG_PTR)w);
  lay_out(w);
  move_to_middle(w->handle);
  ShowWindow(w->handle, SW_SHOWNORMAL);
  SetForegroundWindow(w->handle);
  return w;
}

void status_window_run(struct status_window *w) {
  MSG message;
  while (GetMessageW(&message, NULL, 0, 0) > 0) {
    if (IsDialogMessageW(w->handle, &message)) continue;
    TranslateMessage(&message);
    DispatchMessageW(&message);
  }
}

void status_window_free(struct status_window *w) {
  look_free(&w->look);
  free(w);
}

static void post(void *window, UINT message, WPARAM number, const char *text) {
  struct status_window *w = window;
  wchar_t *copy = calloc(640, sizeof *copy);
  if (!copy) return;
  if (text && !to_wide(text, copy, 640)) copy[0] = L'\0';
  if (!PostMessageW(w->handle, message, number, (LPARAM)copy)) free(copy);
}

void status_window_title(void *window, const char *text) { post(window, MESSAGE_TITLE, 0, text); }
void status_window_status(void *window, const char *text) { post(window, MESSAGE_STATUS, 0, text); }
void status_window_progress(void *window, int permille) { post(window, MESSAGE_PROGRESS, (WPARAM)permille, NULL); }
void status_window_ask_code(void *window, const char *text) { post(window, MESSAGE_ASK_CODE, 0, text); }
void status_window_running(void *window, bool is_running) { post(window, MESSAGE_RUNNING, is_running, NULL); }
void status_window_finish(void *window, const char *text, unsigned milliseconds) {
  post(window, MESSAGE_FINISH, milliseconds, text);
}
