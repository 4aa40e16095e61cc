/* A window over the whole screen with the cursor that its argument names; tells "shown" once the pointer is over it. */
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

enum { SIDE = 32 };

static HCURSOR cursor;

/* The upper left quarter red, the lower right one half transparent green if alpha tells so, the rest clear. */
static HCURSOR colour_cursor(BOOL alpha) {
  BITMAPV5HEADER header = {.bV5Size = sizeof(header), .bV5Width = SIDE, .bV5Height = -SIDE, .bV5Planes = 1,
                           .bV5BitCount = 32, .bV5Compression = BI_BITFIELDS, .bV5RedMask = 0xff0000,
                           .bV5GreenMask = 0xff00, .bV5BlueMask = 0xff, .bV5AlphaMask = 0xff000000};
  DWORD *pixels = NULL;
  HDC screen = GetDC(NULL);
  HBITMAP colour = CreateDIBSection(screen, (BITMAPINFO *)&header, DIB_RGB_COLORS, (void **)&pixels, NULL, 0);
  ReleaseDC(NULL, screen);
  BYTE mask[SIDE * SIDE / 8];
  memset(mask, 0xff, sizeof(mask));
  for (int y = 0; y < SIDE; y++) {
    for (int x = 0; x < SIDE; x++) {
      const BOOL red = x < SIDE / 2 && y < SIDE / 2, green = x >= SIDE / 2 && y >= SIDE / 2;
      pixels[y * SIDE + x] = red ? (alpha ? 0xffff0000 : 0xff0000) : green && alpha ? 0x8000ff00 : 0;
      if (red || (green && alpha)) mask[(y * SIDE + x) / 8] &= (BYTE)~(0x80 >> (x % 8));
    }
  }
  ICONINFO info = {.fIcon = FALSE, .xHotspot = 3, .yHotspot = 5, .hbmColor = colour,
                   .hbmMask = CreateBitmap(SIDE, SIDE, 1, 1, mask)};
  return CreateIconIndirect(&info);
}

/* Rows of four kinds: black, white, clear, inverted. */
static HCURSOR mono_cursor(void) {
  BYTE and_mask[SIDE * SIDE / 8], xor_mask[SIDE * SIDE / 8];
  for (int row = 0; row < SIDE; row++) {
    memset(and_mask + row * SIDE / 8, row / 8 < 2 ? 0 : 0xff, SIDE / 8);
    memset(xor_mask + row * SIDE / 8, row / 8 % 2 == 0 ? 0 : 0xff, SIDE / 8);
  }
  return CreateCursor(NULL, 7, 9, SIDE, SIDE, and_mask, xor_mask);
}

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
  if (wcscmp(kind, L"colour") == 0) cursor = colour_cursor(FALSE);
  if (wcscmp(kind, L"alpha") == 0) cursor = colour_cursor(TRUE);
  if (wcscmp(kind, L"mono") == 0) cursor = mono_cursor();
  const WNDCLASSW class = {.lpfnWndProc = on_message, .hInstance = GetModuleHandleW(NULL),
                           .hbrBackground = (HBRUSH)(COLOR_WINDOW + 1), .lpszClassName = L"cursor-window"};
  RegisterClassW(&class);
  HWND window = CreateWindowExW(WS_EX_TOPMOST, L"cursor-window", L"", WS_POPUP | WS_VISIBLE, 0, 0,
                                GetSystemMetrics(SM_CXSCREEN), GetSystemMetrics(SM_CYSCREEN), NULL, NULL,
                                class.hInstance, NULL);
  if (window == NULL) return 1;
  UpdateWindow(window);
  puts("ready");
  fflush(stdout);
  MSG message;
  while (GetMessageW(&message, NULL, 0, 0) > 0) DispatchMessageW(&message);
  return 0;
}
