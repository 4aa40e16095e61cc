#include "support-window.h"

#include <stdlib.h>

#include "../common/win/text-windows.h"
#include "look.h"
#include "support-request.h"

#define CLASS_NAME L"GuruConnectSupport"
#define THANKS_SHOWN_MS 4000
enum { ID_MESSAGE = 10, ID_SEND = 11, MESSAGE_DONE = WM_APP, TIMER_CLOSE = 1 };
enum { WIDTH = 460, MARGIN = 24, FIELD_HEIGHT = 120, BUTTON_HEIGHT = 34, GAP = 12 };

/* There is one at most. */
static struct {
  HWND handle, prompt, field, result, send, cancel;
  struct look look;
  bool is_sending;
} window;

static int place(HWND child, int y, int height) {
  int margin = look_scale(&window.look, MARGIN);
  MoveWindow(child, margin, y, look_scale(&window.look, WIDTH) - 2 * margin, height, TRUE);
  return y + height + look_scale(&window.look, GAP);
}

static void lay_out(void) {
  const struct look *look = &window.look;
  int line = look_text_height(look, look->font, L"Mg", 0), y = look_scale(look, 20);
  y = place(window.prompt, y, line);
  y = place(window.field, y, look_scale(look, FIELD_HEIGHT));
  y = place(window.result, y, 2 * line);
  int right = look_scale(look, WIDTH - MARGIN);
  HWND buttons[] = {window.send, window.cancel};
  for (int i = 0; i < 2; i++) {
    int wide = look_scale(look, 110);
    MoveWindow(buttons[i], right - wide, y, wide, look_scale(look, BUTTON_HEIGHT), TRUE);
    right -= wide + look_scale(look, GAP);
  }
  RECT frame = {0, 0, look_scale(look, WIDTH), y + look_scale(look, BUTTON_HEIGHT + 20)};
  AdjustWindowRectExForDpi(&frame, (DWORD)GetWindowLongW(window.handle, GWL_STYLE), FALSE, 0, look->dpi);
  SetWindowPos(window.handle, NULL, 0, 0, frame.right - frame.left, frame.bottom - frame.top,
               SWP_NOMOVE | SWP_NOZORDER);
}

static void tell(const char *text) {
  wchar_t wide[400];
  if (to_wide(text, wide, 400)) SetWindowTextW(window.result, wide);
}

/** Asks on a thread of its own; the service has to reach the server. */
static DWORD WINAPI work(void *context) {
  struct failure *failure = calloc(1, sizeof *failure);
  bool ok = failure && support_request_send(context, failure);
  free(context);
  if (!PostMessageW(window.handle, MESSAGE_DONE, ok, (LPARAM)failure)) free(failure);
  return 0;
}

static void send(void) {
  wchar_t *text = calloc(SUPPORT_MESSAGE_MAX + 1, sizeof *text);
  if (!text || window.is_sending) return free(text);
  GetWindowTextW(window.field, text, SUPPORT_MESSAGE_MAX + 1);
  if (wcsspn(text, L" \t\r\n") == wcslen(text)) {
    free(text);
    tell("Please say in a few words what you need help with.");
    SetFocus(window.field);
    return;
  }
  tell("Sending\xe2\x80\xa6");
  window.is_sending = true;
  EnableWindow(window.send, FALSE);
  HANDLE thread = CreateThread(NULL, 0, work, text, 0, NULL);
  if (thread) CloseHandle(thread);
  else free(text);
}

static void on_done(bool is_sent, struct failure *failure) {
  window.is_sending = false;
  if (is_sent) {
    tell("Your request was sent. Your support will get in touch with you.");
    EnableWindow(window.field, FALSE);
    SetTimer(window.handle, TIMER_CLOSE, THANKS_SHOWN_MS, NULL);
  } else {
    tell(failure ? failure->text : "There is not enough memory.");
    EnableWindow(window.send, TRUE);
    SetFocus(window.send);
  }
  free(failure);
}

static LRESULT CALLBACK procedure(HWND handle, UINT message, WPARAM wparam, LPARAM lparam) {
  switch (message) {
    case WM_COMMAND:
      if (LOWORD(wparam) == ID_SEND) send();
      if (LOWORD(wparam) == IDCANCEL) DestroyWindow(handle);
      return 0;
    case MESSAGE_DONE: return on_done(wparam != 0, (struct failure *)lparam), 0;
    case WM_TIMER:
    case WM_CLOSE: return DestroyWindow(handle), 0;
    case WM_DESTROY:
      look_free(&window.look);
      window.handle = NULL;
      return 0;
    case WM_ERASEBKGND: {
      RECT all;
      GetClientRect(handle, &all);
      return FillRect((HDC)wparam, &all, window.look.back_brush), 1;
    }
    case WM_CTLCOLORSTATIC:
    case WM_CTLCOLOREDIT: return (LRESULT)look_colour_control(&window.look, (HDC)wparam);
    case WM_DRAWITEM: {
      const DRAWITEMSTRUCT *item = (const DRAWITEMSTRUCT *)lparam;
      look_draw_button(&window.look, item, item->CtlID == ID_SEND ? BUTTON_PRIMARY : BUTTON_PLAIN);
      return TRUE;
    }
    default: return DefWindowProcW(handle, message, wparam, lparam);
  }
}

static void make_children(void) {
  const struct look *look = &window.look;
  window.prompt = look_add(look, window.handle, L"STATIC", L"What do you need help with?", SS_NOPREFIX, 0);
  window.field = look_add(look, window.handle, L"EDIT", L"",
                          WS_TABSTOP | WS_BORDER | WS_VSCROLL | ES_MULTILINE | ES_WANTRETURN | ES_AUTOVSCROLL,
                          ID_MESSAGE);
  SendMessageW(window.field, EM_SETLIMITTEXT, SUPPORT_MESSAGE_MAX, 0);
  window.result = look_add(look, window.handle, L"STATIC", L"", SS_NOPREFIX, 0);
  window.cancel = look_add(look, window.handle, L"BUTTON", L"&Cancel", WS_TABSTOP | BS_OWNERDRAW, IDCANCEL);
  window.send = look_add(look, window.handle, L"BUTTON", L"&Send", WS_TABSTOP | BS_OWNERDRAW, ID_SEND);
}

void support_window_open(void) {
  if (!window.handle) {
    look_register(CLASS_NAME, procedure);
    window.handle = CreateWindowExW(WS_EX_APPWINDOW, CLASS_NAME, L"Request support", WS_OVERLAPPED | WS_CAPTION | WS_SYSMENU,
                                    CW_USEDEFAULT, CW_USEDEFAULT, WIDTH, 300, NULL, NULL, GetModuleHandleW(NULL), NULL);
    if (!window.handle) return;
    look_make(&window.look, GetDpiForWindow(window.handle));
    look_apply_to_frame(&window.look, window.handle);
    make_children();
    lay_out();
    window.is_sending = false;
    SetFocus(window.field);
  }
  ShowWindow(window.handle, SW_SHOWNORMAL);
  SetForegroundWindow(window.handle);
}

bool support_window_is_open(void) { return window.handle != NULL; }

bool support_window_takes(MSG *message) { return window.handle && IsDialogMessageW(window.handle, message); }
