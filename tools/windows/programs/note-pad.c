/*
 * A window to type into: an edit field below a field of one colour. Whatever is in the field is written to the file
 * that the first argument names, after each change, as UTF-8; "ready" is printed once it can be typed into.
 */
#include <stdio.h>
#include <windows.h>

enum { EDIT = 1, MAX_TEXT = 4096 };
static const COLORREF PANEL = RGB(200, 30, 60);
static const wchar_t *output;
static HWND edit;

static void save(void) {
  static wchar_t text[MAX_TEXT];
  static char bytes[MAX_TEXT * 3];
  int length = GetWindowTextW(edit, text, MAX_TEXT);
  int size = WideCharToMultiByte(CP_UTF8, 0, text, length, bytes, sizeof bytes, NULL, NULL);
  HANDLE file = CreateFileW(output, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) return;
  DWORD written;
  WriteFile(file, bytes, (DWORD)size, &written, NULL);
  CloseHandle(file);
}

static LRESULT CALLBACK on_message(HWND window, UINT message, WPARAM wide, LPARAM further) {
  if (message == WM_COMMAND && LOWORD(wide) == EDIT && HIWORD(wide) == EN_CHANGE) save();
  if (message == WM_SETFOCUS) SetFocus(edit);
  if (message == WM_DESTROY) PostQuitMessage(0);
  return DefWindowProcW(window, message, wide, further);
}

int wmain(int count, wchar_t **arguments) {
  if (count < 2) return 2;
  output = arguments[1];
  WNDCLASSW class = {.lpfnWndProc = on_message,
                     .hInstance = GetModuleHandleW(NULL),
                     .hCursor = LoadCursorW(NULL, (LPCWSTR)IDC_ARROW),
                     .hbrBackground = CreateSolidBrush(PANEL),
                     .lpszClassName = L"GuruNotePad"};
  RegisterClassW(&class);
  HWND window = CreateWindowW(L"GuruNotePad", L"Note pad", WS_POPUP | WS_VISIBLE, 200, 150, 800, 400, NULL, NULL,
                              class.hInstance, NULL);
  edit = CreateWindowW(L"EDIT", L"", WS_CHILD | WS_VISIBLE | ES_MULTILINE | ES_AUTOVSCROLL, 20, 200, 760, 180,
                       window, (HMENU)(INT_PTR)EDIT, class.hInstance, NULL);
  SetForegroundWindow(window);
  SetFocus(edit);
  UpdateWindow(window);
  save();
  puts("ready");
  fflush(stdout);
  MSG message;
  while (GetMessageW(&message, NULL, 0, 0) > 0) {
    TranslateMessage(&message);
    DispatchMessageW(&message);
  }
  return 0;
}
