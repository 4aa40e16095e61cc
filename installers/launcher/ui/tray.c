#include "tray.h"

#include <windows.h>

#include <shellapi.h>

#include "../common/win/text-windows.h"
#include "look.h"
#include "support-window.h"
#include "tray-status.h"
#include "tray-successor.h"

#define CLASS_NAME L"GuruConnectTray"
#define REFRESH_MS 10000
enum { MESSAGE_ICON = WM_APP, ID_REQUEST = 1, ID_HIDE = 2, TIMER_REFRESH = 1 };

/* The window procedure of the one hidden window of this program gets them from here. */
static NOTIFYICONDATAW icon = {.cbSize = sizeof icon, .uID = 1, .uCallbackMessage = MESSAGE_ICON};
static UINT taskbar_created;
static struct tray_successor successor;
/** Held by the one tray of a person's session. */
static HANDLE only_one;

static bool become_the_one(void) {
  only_one = CreateMutexW(NULL, FALSE, L"Local\\GuruConnectTray");
  return only_one && GetLastError() != ERROR_ALREADY_EXISTS;
}

/** Lets the window program of the version that runs go on in our place; false when there is none or it does not start. */
static bool hand_over(void) {
  struct tray_status status;
  wchar_t program[PATH_CAPACITY];
  tray_status_read(&status);
  if (!tray_successor_find(&successor, &status, program)) return false;
  // The other one is to find that there is none.
  CloseHandle(only_one);
  if (tray_successor_start(&successor, program)) return only_one = NULL, true;
  // Somebody else may have come meanwhile; then we are the one too many.
  return !become_the_one();
}

static void describe(wchar_t *text, size_t capacity) {
  struct tray_status status;
  char sentence[400];
  tray_status_read(&status);
  tray_status_text(&status, sentence, sizeof sentence);
  wchar_t wide[400];
  to_wide(sentence, wide, 400);
  wcsncpy(text, wide, capacity - 1);
  text[capacity - 1] = L'\0';
}

static void refresh(DWORD what) {
  describe(icon.szTip, sizeof icon.szTip / sizeof *icon.szTip);
  icon.uFlags = NIF_ICON | NIF_MESSAGE | NIF_TIP | NIF_SHOWTIP;
  Shell_NotifyIconW(what, &icon);
}

static void add(void) {
  refresh(NIM_ADD);
  icon.uVersion = NOTIFYICON_VERSION_4;
  Shell_NotifyIconW(NIM_SETVERSION, &icon);
}

static void show_menu(HWND window) {
  wchar_t sentence[200];
  POINT at;
  HMENU menu = CreatePopupMenu();
  describe(sentence, 200);
  AppendMenuW(menu, MF_STRING | MF_GRAYED, 0, sentence);
  AppendMenuW(menu, MF_SEPARATOR, 0, NULL);
  AppendMenuW(menu, MF_STRING, ID_REQUEST, L"&Request support\x2026");
  AppendMenuW(menu, MF_STRING, ID_HIDE, L"&Hide this icon");
  SetMenuDefaultItem(menu, ID_REQUEST, FALSE);
  GetCursorPos(&at);
  // Without the foreground the menu would stay open when the person clicks elsewhere.
  SetForegroundWindow(window);
  TrackPopupMenu(menu, TPM_RIGHTBUTTON, at.x, at.y, 0, window, NULL);
  DestroyMenu(menu);
}

static LRESULT CALLBACK procedure(HWND window, UINT message, WPARAM wparam, LPARAM lparam) {
  if (message == taskbar_created && taskbar_created != 0) return add(), 0;
  switch (message) {
    case MESSAGE_ICON:
      if (LOWORD(lparam) == WM_CONTEXTMENU || LOWORD(lparam) == WM_RBUTTONUP) show_menu(window);
      if (LOWORD(lparam) == NIN_SELECT || LOWORD(lparam) == NIN_KEYSELECT) support_window_open();
      return 0;
    case WM_COMMAND:
      if (LOWORD(wparam) == ID_REQUEST) support_window_open();
      if (LOWORD(wparam) == ID_HIDE) DestroyWindow(window);
      return 0;
    case WM_TIMER:
      // Nobody loses what they are typing.
      if (!support_window_is_open() && hand_over()) return DestroyWindow(window), 0;
      return refresh(NIM_MODIFY), 0;
    case WM_DESTROY:
      Shell_NotifyIconW(NIM_DELETE, &icon);
      return PostQuitMessage(0), 0;
    default: return DefWindowProcW(window, message, wparam, lparam);
  }
}

enum exit_code tray_run(void) {
  MSG message;
  if (!become_the_one() || hand_over()) return EXIT_OK;
  taskbar_created = RegisterWindowMessageW(L"TaskbarCreated");
  look_register(CLASS_NAME, procedure);
  // Not a message-only window: those do not hear of a new taskbar.
  icon.hWnd = CreateWindowExW(WS_EX_TOOLWINDOW, CLASS_NAME, L"GuruConnect", WS_POPUP, 0, 0, 0, 0, NULL, NULL,
                              GetModuleHandleW(NULL), NULL);
  if (!icon.hWnd) return EXIT_UNEXPECTED;
  icon.hIcon = LoadImageW(GetModuleHandleW(NULL), MAKEINTRESOURCEW(1), IMAGE_ICON, GetSystemMetrics(SM_CXSMICON),
                          GetSystemMetrics(SM_CYSMICON), LR_DEFAULTCOLOR);
  add();
  SetTimer(icon.hWnd, TIMER_REFRESH, REFRESH_MS, NULL);
  while (GetMessageW(&message, NULL, 0, 0) > 0) {
    if (support_window_takes(&message)) continue;
    TranslateMessage(&message);
    DispatchMessageW(&message);
  }
  if (only_one) CloseHandle(only_one);
  return EXIT_OK;
}
