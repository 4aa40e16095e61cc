/*
 * A window of 640 x 360 at the desktop's origin: its left half is an edit field whose text goes to FILE.txt as UTF-8
 * whenever it changes, its right half a pad that writes every button, wheel turn and key to FILE.log.
 * Use: edit-field FILE
 */
#include <windows.h>
#include <stdio.h>
#include <wchar.h>

static wchar_t text_file[MAX_PATH];
static wchar_t log_file[MAX_PATH];
static HWND field;
static WNDPROC field_procedure;

static void write_text(void) {
  wchar_t text[8192];
  char utf8[32768];
  int length = GetWindowTextW(field, text, 8192);
  int bytes = WideCharToMultiByte(CP_UTF8, 0, text, length, utf8, sizeof utf8, NULL, NULL);
  wchar_t fresh[MAX_PATH + 8];
  _snwprintf(fresh, MAX_PATH + 8, L"%ls.new", text_file);
  FILE *file = _wfopen(fresh, L"wb");
  if (!file) return;
  fwrite(utf8, 1, (size_t)bytes, file);
  fclose(file);
  MoveFileExW(fresh, text_file, MOVEFILE_REPLACE_EXISTING);
}

static void note(const char *what, int a, int b, int c) {
  FILE *file = _wfopen(log_file, L"ab");
  if (!file) return;
  fprintf(file, "%s %d %d %d\n", what, a, b, c);
  fclose(file);
}

static void note_key(const char *what, WPARAM key, LPARAM data) {
  note(what, (int)key, (int)((data >> 16) & 0xff), (int)((data >> 24) & 1));
}

static int note_message(UINT message, WPARAM wide, LPARAM data) {
  int x = (short)LOWORD(data), y = (short)HIWORD(data);
  switch (message) {
    case WM_LBUTTONDOWN: note("down left", x, y, 0); return 1;
    case WM_LBUTTONUP: note("up left", x, y, 0); return 1;
    case WM_MBUTTONDOWN: note("down middle", x, y, 0); return 1;
    case WM_MBUTTONUP: note("up middle", x, y, 0); return 1;
    case WM_RBUTTONDOWN: note("down right", x, y, 0); return 1;
    case WM_RBUTTONUP: note("up right", x, y, 0); return 1;
    case WM_MOUSEWHEEL: note("wheel vertical", (short)HIWORD(wide), 0, 0); return 1;
    case WM_MOUSEHWHEEL: note("wheel horizontal", (short)HIWORD(wide), 0, 0); return 1;
    case WM_KEYDOWN: case WM_SYSKEYDOWN: note_key("key down", wide, data); return 0;
    case WM_KEYUP: case WM_SYSKEYUP: note_key("key up", wide, data); return 0;
    default: return 0;
  }
}

static LRESULT CALLBACK on_field(HWND window, UINT message, WPARAM wide, LPARAM data) {
  if (message == WM_KEYDOWN || message == WM_SYSKEYDOWN || message == WM_KEYUP || message == WM_SYSKEYUP) {
    note_message(message, wide, data);
  }
  return CallWindowProcW(field_procedure, window, message, wide, data);
}

static LRESULT CALLBACK on_window(HWND window, UINT message, WPARAM wide, LPARAM data) {
  if (message == WM_COMMAND && HIWORD(wide) == EN_CHANGE) write_text();
  if (message == WM_DESTROY) PostQuitMessage(0);
  if (note_message(message, wide, data)) return 0;
  return DefWindowProcW(window, message, wide, data);
}

int wmain(int count, wchar_t **arguments) {
  if (count < 2) return 2;
  _snwprintf(text_file, MAX_PATH, L"%ls.txt", arguments[1]);
  _snwprintf(log_file, MAX_PATH, L"%ls.log", arguments[1]);
  WNDCLASSW kind = {0};
  kind.lpfnWndProc = on_window;
  kind.hInstance = GetModuleHandleW(NULL);
  kind.hCursor = LoadCursorW(NULL, (LPCWSTR)IDC_ARROW);
  kind.hbrBackground = (HBRUSH)(COLOR_WINDOW + 1);
  kind.lpszClassName = L"EditField";
  RegisterClassW(&kind);
  HWND window = CreateWindowExW(WS_EX_TOPMOST, kind.lpszClassName, L"Edit field", WS_POPUP | WS_VISIBLE, 0, 0, 640, 360,
                                NULL, NULL, kind.hInstance, NULL);
  field = CreateWindowExW(0, L"EDIT", L"", WS_CHILD | WS_VISIBLE | ES_MULTILINE | ES_WANTRETURN, 0, 0, 320, 360, window,
                          NULL, kind.hInstance, NULL);
  field_procedure = (WNDPROC)SetWindowLongPtrW(field, GWLP_WNDPROC, (LONG_PTR)on_field);
  SetForegroundWindow(window);
  SetFocus(field);
  write_text();
  printf("ready\n");
  fflush(stdout);
  MSG message;
  while (GetMessageW(&message, NULL, 0, 0) > 0) {
    TranslateMessage(&message);
    DispatchMessageW(&message);
  }
  return 0;
}
