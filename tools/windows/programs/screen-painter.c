/*
 * Covers the screen of a Windows computer. `screen-painter flip` turns it from black to white and back on each key
 * press. `screen-painter desk FPS` shows a picture that scrolls sideways with, over it, a window that does so at another
 * pace; each frame is put on the screen in one piece and has its number at the left edge (see bar-code.h).
 * Prints `ready`, then `flip <count>` or `frame <number>`.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>
#include "../../../e2e/support/x11/bar-code.h"

static struct {
  HWND window;
  int width, height;
  unsigned flips;
  HDC memory;
  uint32_t *pixels, *picture;
} stage;

static void paint_flip(void) {
  HDC screen = GetDC(stage.window);
  PatBlt(screen, 0, 0, stage.width, stage.height, stage.flips % 2 ? WHITENESS : BLACKNESS);
  ReleaseDC(stage.window, screen);
  GdiFlush();
}

static LRESULT CALLBACK on_message(HWND window, UINT message, WPARAM wide, LPARAM further) {
  /* Bit 30: it was down already, so the keyboard only repeats it. */
  if (message == WM_KEYDOWN && !(further & (1 << 30))) {
    stage.flips += 1;
    paint_flip();
    printf("flip %u\n", stage.flips);
    fflush(stdout);
    return 0;
  }
  if (message == WM_ERASEBKGND) return 1;
  if (message == WM_SETCURSOR) return SetCursor(NULL), 1;
  return DefWindowProcW(window, message, wide, further);
}

static void open_window(void) {
  WNDCLASSW class = {
      .lpfnWndProc = on_message, .hInstance = GetModuleHandleW(NULL), .lpszClassName = L"GuruScreenPainter"};
  RegisterClassW(&class);
  stage.width = GetSystemMetrics(SM_CXSCREEN);
  stage.height = GetSystemMetrics(SM_CYSCREEN);
  stage.window = CreateWindowExW(WS_EX_TOPMOST, L"GuruScreenPainter", L"Painter", WS_POPUP | WS_VISIBLE, 0, 0,
                                 stage.width, stage.height, NULL, NULL, class.hInstance, NULL);
  SetForegroundWindow(stage.window);
  SetFocus(stage.window);
}

/* A photograph's stand-in: smooth, colourful and with a little grain. */
static void make_picture(void) {
  uint32_t noise = 12345;
  for (int y = 0; y < stage.height; y++) {
    for (int x = 0; x < stage.width; x++) {
      double u = 6.283185307 * x / stage.width, v = (double)y / stage.height;
      noise = noise * 1664525u + 1013904223u;
      int grain = (int)(noise >> 28) - 8;
      int r = (int)(127 + 100 * sin(3 * u + 4 * v)) + grain;
      int g = (int)(127 + 100 * sin(2 * u - 3 * v + 1)) + grain;
      int b = (int)(127 + 100 * cos(5 * u + 2 * v)) + grain;
      stage.picture[(size_t)y * stage.width + x] = (uint32_t)r << 16 | (uint32_t)g << 8 | (uint32_t)b;
    }
  }
}

static int open_canvas(void) {
  BITMAPINFO info = {.bmiHeader = {.biSize = sizeof(BITMAPINFOHEADER),
                                   .biWidth = stage.width,
                                   .biHeight = -stage.height,
                                   .biPlanes = 1,
                                   .biBitCount = 32}};
  stage.memory = CreateCompatibleDC(NULL);
  HBITMAP canvas = CreateDIBSection(stage.memory, &info, DIB_RGB_COLORS, (void **)&stage.pixels, NULL, 0);
  stage.picture = malloc((size_t)stage.width * stage.height * 4);
  if (!canvas || !stage.picture) return 0;
  SelectObject(stage.memory, canvas);
  make_picture();
  return 1;
}

static void compose(unsigned frame) {
  int width = stage.width, shift = (int)(frame * 6 % (unsigned)width);
  int left = width / 2, inner = width * 3 / 10, top = stage.height * 3 / 10, bottom = stage.height * 7 / 10;
  int inner_shift = (int)(frame * 4 % (unsigned)(width - inner));
  for (int y = 0; y < stage.height; y++) {
    uint32_t *row = stage.pixels + (size_t)y * width;
    const uint32_t *from = stage.picture + (size_t)y * width;
    memcpy(row, from + shift, (size_t)(width - shift) * 4);
    memcpy(row + width - shift, from, (size_t)shift * 4);
    if (y >= top && y < bottom) memcpy(row + left, from + inner_shift, (size_t)inner * 4);
    for (int x = 0; x < BAR_CELLS * BAR_CELL_WIDTH; x++) row[x] = bar_colour(frame, x / BAR_CELL_WIDTH);
  }
}

static void show_frame(unsigned frame) {
  compose(frame);
  HDC screen = GetDC(stage.window);
  BitBlt(screen, 0, 0, stage.width, stage.height, stage.memory, 0, 0, SRCCOPY);
  ReleaseDC(stage.window, screen);
  GdiFlush();
  printf("frame %u\n", frame);
  fflush(stdout);
}

/* Handles what waits, and sleeps until then. False when the program shall end. */
static int wait_until(double when_ms, LARGE_INTEGER frequency) {
  for (;;) {
    MSG message;
    while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE)) {
      if (message.message == WM_QUIT) return 0;
      DispatchMessageW(&message);
    }
    LARGE_INTEGER now;
    QueryPerformanceCounter(&now);
    double left = when_ms - 1000.0 * now.QuadPart / frequency.QuadPart;
    if (left <= 0) return 1;
    MsgWaitForMultipleObjects(0, NULL, FALSE, (DWORD)(left + 0.5), QS_ALLINPUT);
  }
}

int wmain(int count, wchar_t **arguments) {
  int is_desk = count > 2 && wcscmp(arguments[1], L"desk") == 0;
  double rate = is_desk ? wcstod(arguments[2], NULL) : 1;
  if (rate <= 0) return 2;
  open_window();
  if (is_desk && !open_canvas()) return 1;
  if (!is_desk) paint_flip();
  puts("ready");
  fflush(stdout);
  LARGE_INTEGER frequency, start;
  QueryPerformanceFrequency(&frequency);
  QueryPerformanceCounter(&start);
  double next = 1000.0 * start.QuadPart / frequency.QuadPart;
  for (unsigned frame = 1; wait_until(next, frequency); frame++) {
    if (is_desk) show_frame(frame);
    next += 1000 / rate;
  }
  return 0;
}
