/* A window over the whole screen with the cursor that its argument names; tells "shown" once the pointer is over it. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

static HCURSOR cursor;

static LRESULT CALLBACK on_message(HWND window, UINT message, WPARAM w, LPARAM l) {
  if (message == WM_SETCURSOR) {
    SetCursor(cursor);
    return TRUE;
  }
  if (message == WM_MOUSEMOVE) {
    SetCursor(cursor);
    puts("shown");
    fflush(stdout);
  }
  return DefWindowProcW(window, message, w, l);
}

int wmain(int count, wchar_t **arguments) {
  const wchar_t *kind = count > 1 ? arguments[1] : L"arrow";
  if (wcscmp(kind, L"arrow") == 0) cursor = LoadCursorW(NULL, (LPCWSTR)IDC_ARROW);
  const WNDCLASSW class = {.lpfnWndProc = on_message, .hInstance = GetModuleHandleW(NULL),
                           .hbrBackground = (HBRUSH)(COLOR_WINDOW + 1), .lpszClassName = L"cursor-window"};
  RegisterClassW(&class);
  HWND window = CreateWindowExW(WS_EX_TOPMOST, L"cursor-window", L"", WS_POPUP | WS_VISIBLE, 0, 0,
                                GetSystemMetrics(SM_CXSCREEN), GetSystemMetrics(SM_CYSCREEN), NULL, NULL,
                                class.hInstance, NULL);
  if (window == NULL) return 1;
  UpdateWindow(window);
  SetCursorPos(GetSystemMetrics(SM_CXSCREEN) / 2, 300);
  SetCursorPos(GetSystemMetrics(SM_CXSCREEN) / 2 + 1, 301);
  MSG message;
  while (GetMessageW(&message, NULL, 0, 0) > 0) DispatchMessageW(&message);
  return 0;
}
