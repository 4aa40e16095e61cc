#include "look.h"

#include <dwmapi.h>
#include <uxtheme.h>

/** Since Windows 10 2004; older headers do not name it. */
#define USE_IMMERSIVE_DARK_MODE 20

static bool wants_dark(void) {
  DWORD light = 1, size = sizeof light;
  RegGetValueW(HKEY_CURRENT_USER, L"Software\\Microsoft\\Windows\\CurrentVersion\\Themes\\Personalize",
               L"AppsUseLightTheme", RRF_RT_REG_DWORD, NULL, &light, &size);
  return light == 0;
}

static bool has_high_contrast(void) {
  HIGHCONTRASTW contrast = {.cbSize = sizeof contrast};
  return SystemParametersInfoW(SPI_GETHIGHCONTRAST, sizeof contrast, &contrast, 0) &&
         contrast.dwFlags & HCF_HIGHCONTRASTON;
}

static HFONT make_font(UINT dpi, int points, int weight) {
  return CreateFontW(-MulDiv(points, (int)dpi, 72), 0, 0, 0, weight, FALSE, FALSE, FALSE, DEFAULT_CHARSET,
                     OUT_DEFAULT_PRECIS, CLIP_DEFAULT_PRECIS, CLEARTYPE_QUALITY, VARIABLE_PITCH | FF_SWISS,
                     L"Segoe UI");
}

static void set_system_colours(struct look *look) {
  look->back = GetSysColor(COLOR_WINDOW);
  look->text = look->faint = look->line = GetSysColor(COLOR_WINDOWTEXT);
  look->accent = look->danger = GetSysColor(COLOR_HIGHLIGHT);
  look->on_accent = look->on_danger = GetSysColor(COLOR_HIGHLIGHTTEXT);
}

static void set_own_colours(struct look *look) {
  bool dark = look->dark;
  look->back = dark ? RGB(32, 36, 38) : RGB(255, 255, 255);
  look->text = dark ? RGB(236, 240, 241) : RGB(24, 32, 36);
  look->faint = dark ? RGB(170, 180, 184) : RGB(90, 102, 108);
  look->line = dark ? RGB(96, 106, 110) : RGB(188, 198, 202);
  look->accent = dark ? RGB(60, 178, 199) : RGB(14, 114, 134);
  look->on_accent = dark ? RGB(10, 28, 32) : RGB(255, 255, 255);
  look->danger = dark ? RGB(255, 138, 128) : RGB(183, 28, 28);
  look->on_danger = dark ? RGB(48, 8, 8) : RGB(255, 255, 255);
}

void look_make(struct look *look, UINT dpi) {
  *look = (struct look){.dpi = dpi ? dpi : 96, .high_contrast = has_high_contrast()};
  look->dark = !look->high_contrast && wants_dark();
  if (look->high_contrast) set_system_colours(look);
  else set_own_colours(look);
  look->back_brush = CreateSolidBrush(look->back);
  look->font = make_font(look->dpi, 10, FW_NORMAL);
  look->strong = make_font(look->dpi, 10, FW_SEMIBOLD);
  look->title = make_font(look->dpi, 14, FW_SEMIBOLD);
}

void look_free(struct look *look) {
  DeleteObject(look->back_brush);
  DeleteObject(look->font);
  DeleteObject(look->strong);
  DeleteObject(look->title);
}

int look_scale(const struct look *look, int pixels) { return MulDiv(pixels, (int)look->dpi, 96); }

void look_apply_to_frame(const struct look *look, HWND window) {
  BOOL dark = look->dark;
  DwmSetWindowAttribute(window, USE_IMMERSIVE_DARK_MODE, &dark, sizeof dark);
}

static void button_colours(const struct look *look, enum button_look kind, bool disabled, COLORREF *fill,
                           COLORREF *text, COLORREF *edge) {
  *fill = look->back;
  *text = look->text;
  *edge = look->line;
  if (disabled) *text = look->faint;
  else if (kind == BUTTON_PRIMARY) *fill = *edge = look->accent, *text = look->on_accent;
  else if (kind == BUTTON_DANGER) *fill = *edge = look->danger, *text = look->on_danger;
}

static COLORREF mix(COLORREF a, COLORREF b, int percent) {
  int keep = 100 - percent;
  return RGB((GetRValue(a) * keep + GetRValue(b) * percent) / 100, (GetGValue(a) * keep + GetGValue(b) * percent) / 100,
             (GetBValue(a) * keep + GetBValue(b) * percent) / 100);
}

void look_draw_button(const struct look *look, const DRAWITEMSTRUCT *item, enum button_look kind) {
  COLORREF fill, text, edge;
  wchar_t label[256];
  RECT box = item->rcItem;
  button_colours(look, kind, item->itemState & ODS_DISABLED, &fill, &text, &edge);
  if (item->itemState & ODS_SELECTED) fill = mix(fill, look->text, 20);
  HBRUSH brush = CreateSolidBrush(fill);
  HPEN pen = CreatePen(PS_SOLID, look_scale(look, 1), edge);
  HGDIOBJ old_brush = SelectObject(item->hDC, brush), old_pen = SelectObject(item->hDC, pen);
  FillRect(item->hDC, &box, look->back_brush);
  RoundRect(item->hDC, box.left, box.top, box.right, box.bottom, look_scale(look, 8), look_scale(look, 8));
  SelectObject(item->hDC, old_brush);
  SelectObject(item->hDC, old_pen);
  DeleteObject(brush);
  DeleteObject(pen);
  GetWindowTextW(item->hwndItem, label, 256);
  HGDIOBJ old_font = SelectObject(item->hDC, look->strong);
  SetBkMode(item->hDC, TRANSPARENT);
  SetTextColor(item->hDC, text);
  UINT prefix = item->itemState & ODS_NOACCEL ? DT_HIDEPREFIX : 0;
  DrawTextW(item->hDC, label, -1, &box, DT_CENTER | DT_VCENTER | DT_SINGLELINE | DT_END_ELLIPSIS | prefix);
  SelectObject(item->hDC, old_font);
  if (item->itemState & ODS_FOCUS && !(item->itemState & ODS_NOFOCUSRECT)) {
    InflateRect(&box, -look_scale(look, 3), -look_scale(look, 3));
    DrawFocusRect(item->hDC, &box);
  }
}

HBRUSH look_colour_control(const struct look *look, HDC dc) {
  SetTextColor(dc, look->text);
  SetBkColor(dc, look->back);
  return look->back_brush;
}

static SIZE measure(HFONT font, const wchar_t *text, int width) {
  HDC dc = GetDC(NULL);
  HGDIOBJ old = SelectObject(dc, font);
  RECT box = {0, 0, width, 0};
  DrawTextW(dc, text, -1, &box, DT_CALCRECT | DT_NOPREFIX | (width > 0 ? DT_WORDBREAK : DT_SINGLELINE));
  SelectObject(dc, old);
  ReleaseDC(NULL, dc);
  return (SIZE){box.right, box.bottom};
}

int look_text_height(const struct look *look, HFONT font, const wchar_t *text, int width) {
  (void)look;
  return (int)measure(font, text, width).cy;
}

int look_text_width(const struct look *look, HFONT font, const wchar_t *text) {
  (void)look;
  return (int)measure(font, text, 0).cx;
}

HWND look_add(const struct look *look, HWND parent, const wchar_t *class_name, const wchar_t *text, DWORD style,
              int id) {
  HWND child = CreateWindowExW(0, class_name, text, WS_CHILD | WS_VISIBLE | style, 0, 0, 0, 0, parent,
                               (HMENU)(INT_PTR)id, GetModuleHandleW(NULL), NULL);
  SendMessageW(child, WM_SETFONT, (WPARAM)look->font, FALSE);
  if (look->dark) SetWindowTheme(child, L"DarkMode_Explorer", NULL);
  return child;
}

void look_register(const wchar_t *class_name, WNDPROC procedure) {
  WNDCLASSEXW window = {.cbSize = sizeof window, .lpfnWndProc = procedure, .lpszClassName = class_name};
  window.hInstance = GetModuleHandleW(NULL);
  window.hIcon = LoadIconW(window.hInstance, MAKEINTRESOURCEW(1));
  window.hCursor = LoadCursorW(NULL, (LPCWSTR)IDC_ARROW);
  RegisterClassExW(&window);
}
