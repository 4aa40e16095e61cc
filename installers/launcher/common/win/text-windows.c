#include "text-windows.h"

#include <stdarg.h>
#include <string.h>
#include <windows.h>

bool to_wide(const char *text, wchar_t *out, size_t capacity) {
  int size = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, out, (int)capacity);
  if (size <= 0 && capacity > 0) out[0] = L'\0';
  return size > 0;
}

bool from_wide(const wchar_t *text, char *out, size_t capacity) {
  int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, out, (int)capacity, NULL, NULL);
  if (size <= 0 && capacity > 0) out[0] = '\0';
  return size > 0;
}

bool format_wide(wchar_t *out, size_t capacity, const wchar_t *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int size = _vsnwprintf(out, capacity, format, arguments);
  va_end(arguments);
  out[capacity - 1] = L'\0';
  return size >= 0 && (size_t)size < capacity;
}

void windows_error_text(unsigned long error, char *out, size_t capacity) {
  wchar_t text[256];
  DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK;
  DWORD size = FormatMessageW(flags, NULL, error, 0, text, 256, NULL);
  while (size > 0 && (text[size - 1] == L' ' || text[size - 1] == L'\n')) text[--size] = L'\0';
  if (size == 0) format_wide(text, 256, L"Windows reports error %lu.", error);
  if (!from_wide(text, out, capacity) && capacity > 0) out[0] = '\0';
}
