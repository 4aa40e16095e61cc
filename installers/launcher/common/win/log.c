#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>

#define MAX_LOG_SIZE (1 << 20)

/*
 * The one piece of state that the whole program shares: a log that had to be handed to every function would be left
 * out where it matters. Lines are appended by one write each, so threads and processes may share the file.
 */
static HANDLE log_file = INVALID_HANDLE_VALUE;
static HANDLE console = INVALID_HANDLE_VALUE;

void log_open(const wchar_t *file) {
  wchar_t old[1100];
  log_close();
  log_file = CreateFileW(file, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                         OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
  LARGE_INTEGER size;
  if (log_file == INVALID_HANDLE_VALUE || !GetFileSizeEx(log_file, &size) || size.QuadPart < MAX_LOG_SIZE) return;
  if (wcslen(file) > 1090) return;
  wcscpy(old, file);
  wcscat(old, L".old");
  log_close();
  MoveFileExW(file, old, MOVEFILE_REPLACE_EXISTING);
  log_file = CreateFileW(file, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                         OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
}

void log_to_console(void) { console = GetStdHandle(STD_OUTPUT_HANDLE); }

static void write_line(HANDLE file, const char *text) {
  DWORD written;
  if (file != NULL && file != INVALID_HANDLE_VALUE) WriteFile(file, text, (DWORD)strlen(text), &written, NULL);
}

void log_line(const char *format, ...) {
  char line[1100];
  SYSTEMTIME now;
  va_list arguments;
  GetSystemTime(&now);
  int head = snprintf(line, sizeof line, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ ", now.wYear, now.wMonth, now.wDay,
                      now.wHour, now.wMinute, now.wSecond, now.wMilliseconds);
  va_start(arguments, format);
  vsnprintf(line + head, sizeof line - (size_t)head - 2, format, arguments);
  va_end(arguments);
  strcat(line, "\r\n");
  write_line(log_file, line);
  write_line(console, line + head);
}

void log_close(void) {
  if (log_file != INVALID_HANDLE_VALUE) CloseHandle(log_file);
  log_file = INVALID_HANDLE_VALUE;
}
