/*
 * Looks at windows of other programs and uses them, by what their controls are called: `list` prints them, `wait CLASS
 * TEXT` waits for a window with that text somewhere in it, `press CLASS LABEL` presses a button, `type CLASS TEXT`
 * fills the field, `close CLASS` closes, `inject CLASS` waits and presses Enter as a program does. `tray CLASS wait|request|hide`
 * chooses from the menu of an icon. CLASS `#32770` is a message box. All but `list` wait up to 30 s.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

#define WAIT_MS 30000

struct search {
  const wchar_t *class_name, *kind, *text;
  HWND window, control;
};

static void text_of(HWND window, wchar_t text[512]) {
  DWORD_PTR size = 0;
  text[0] = L'\0';
  SendMessageTimeoutW(window, WM_GETTEXT, 512, (LPARAM)text, SMTO_ABORTIFHUNG, 2000, &size);
}

/** Prints in UTF-8, whatever this Windows thinks that consoles want. */
static void print(const wchar_t *format, ...) {
  wchar_t wide[1400];
  char text[4200];
  va_list arguments;
  va_start(arguments, format);
  _vsnwprintf(wide, 1399, format, arguments);
  va_end(arguments);
  wide[1399] = L'\0';
  WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, sizeof text, NULL, NULL);
  fputs(text, stdout);
}

/** Labels without the mark of their key. */
static void without_mark(wchar_t *text) {
  wchar_t *mark = wcschr(text, L'&');
  if (mark) wmemmove(mark, mark + 1, wcslen(mark));
}

static BOOL CALLBACK on_child(HWND control, LPARAM parameter) {
  struct search *search = (struct search *)parameter;
  wchar_t class_name[64], text[512];
  GetClassNameW(control, class_name, 64);
  text_of(control, text);
  if (_wcsicmp(class_name, L"Button") == 0) without_mark(text);
  if (!search->class_name) {
    print(L"  %ls%ls '%ls'\n", class_name, IsWindowVisible(control) ? L"" : L" (hidden)", text);
    return TRUE;
  }
  if (!IsWindowVisible(control) || !IsWindowEnabled(control)) return TRUE;
  if (search->kind && _wcsicmp(class_name, search->kind) != 0) return TRUE;
  if (search->text && !wcsstr(text, search->text)) return TRUE;
  search->control = control;
  return FALSE;
}

static BOOL CALLBACK on_window(HWND window, LPARAM parameter) {
  struct search *search = (struct search *)parameter;
  wchar_t class_name[64], text[512];
  if (!IsWindowVisible(window)) return TRUE;
  GetClassNameW(window, class_name, 64);
  if (search->class_name && _wcsicmp(class_name, search->class_name) != 0) return TRUE;
  if (!search->class_name) {
    RECT box;
    text_of(window, text);
    GetWindowRect(window, &box);
    print(L"%ls '%ls' %ld,%ld %ldx%ld\n", class_name, text, box.left, box.top, box.right - box.left,
           box.bottom - box.top);
  }
  search->window = window;
  EnumChildWindows(window, on_child, parameter);
  return !search->class_name || !search->control;
}

static int find(struct search *search) {
  for (int waited = 0; waited < WAIT_MS; waited += 100) {
    search->window = search->control = NULL;
    EnumWindows(on_window, (LPARAM)search);
    if (search->control || (search->window && !search->kind && !search->text)) return 1;
    Sleep(100);
  }
  puts("not found; there is:");
  struct search all = {0};
  EnumWindows(on_window, (LPARAM)&all);
  return 0;
}

/** The hidden window of the icon takes what its menu would tell it. */
static int use_tray(const wchar_t *class_name, const wchar_t *what) {
  HWND window = NULL;
  for (int waited = 0; waited < WAIT_MS && !window; waited += 100) {
    window = FindWindowW(class_name, NULL);
    if (!window) Sleep(100);
  }
  if (!window) return 1;
  if (wcscmp(what, L"request") == 0) PostMessageW(window, WM_COMMAND, 1, 0);
  if (wcscmp(what, L"hide") == 0) PostMessageW(window, WM_COMMAND, 2, 0);
  return 0;
}

int wmain(int argc, wchar_t **argv) {
  const wchar_t *what = argc > 1 ? argv[1] : L"list";
  struct search search = {0};
  if (argc < 3) {
    EnumWindows(on_window, (LPARAM)&search);
    return 0;
  }
  if (wcscmp(what, L"tray") == 0 && argc > 3) return use_tray(argv[2], argv[3]);
  search.class_name = argv[2];
  search.text = argc > 3 ? argv[3] : NULL;
  if (wcscmp(what, L"press") == 0) search.kind = L"Button";
  if (wcscmp(what, L"type") == 0) search.kind = L"Edit", search.text = NULL;
  if (!find(&search)) return 1;
  if (wcscmp(what, L"press") == 0) {
    // As a click does it: the parent is told by the button itself.
    PostMessageW(search.control, BM_CLICK, 0, 0);
  } else if (wcscmp(what, L"type") == 0) {
    SendMessageW(search.control, WM_SETTEXT, 0, (LPARAM)argv[3]);
  } else if (wcscmp(what, L"close") == 0) {
    PostMessageW(search.window, WM_CLOSE, 0, 0);
  } else if (wcscmp(what, L"inject") == 0) {
    INPUT keys[2] = {{.type = INPUT_KEYBOARD}, {.type = INPUT_KEYBOARD}};
    keys[0].ki.wVk = keys[1].ki.wVk = VK_RETURN;
    keys[1].ki.dwFlags = KEYEVENTF_KEYUP;
    SendInput(2, keys, sizeof *keys);
  }
  return 0;
}
