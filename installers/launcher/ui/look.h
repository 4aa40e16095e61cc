#ifndef GURUCONNECT_LOOK_H
#define GURUCONNECT_LOOK_H

#include <windows.h>

#include <stdbool.h>

enum button_look { BUTTON_PLAIN, BUTTON_PRIMARY, BUTTON_DANGER };

/** Colours and fonts of our windows for one screen: light or dark as Windows is, and its own when contrast is high. */
struct look {
  UINT dpi;
  bool dark, high_contrast;
  COLORREF back, text, faint, line, accent, on_accent, danger, on_danger;
  HBRUSH back_brush;
  HFONT font, strong, title;
};

void look_make(struct look *look, UINT dpi);
void look_free(struct look *look);

/** So many pixels at 96 dpi, on this screen. */
int look_scale(const struct look *look, int pixels);

/** Makes the window's frame dark where its inside is. */
void look_apply_to_frame(const struct look *look, HWND window);

/** Draws a button with the style BS_OWNERDRAW; such buttons keep their keys and their name for screen readers. */
void look_draw_button(const struct look *look, const DRAWITEMSTRUCT *item, enum button_look kind);

/** Answer to WM_CTLCOLORSTATIC and WM_CTLCOLOREDIT. */
HBRUSH look_colour_control(const struct look *look, HDC dc);

/** Height that a text takes in this width, in pixels of the screen. */
int look_text_height(const struct look *look, HFONT font, const wchar_t *text, int width);
int look_text_width(const struct look *look, HFONT font, const wchar_t *text);

/** Makes a child window with a font; `id` 0 for none. */
HWND look_add(const struct look *look, HWND parent, const wchar_t *class_name, const wchar_t *text, DWORD style, int id);

/** Registers a window class with the program's icon; harmless when it is there already. */
void look_register(const wchar_t *class_name, WNDPROC procedure);

#endif
