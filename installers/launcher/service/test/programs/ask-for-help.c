/* Sends its argument as one line to the tray's pipe and prints the line that comes back. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

int wmain(int argc, wchar_t **argv) {
  char line[20000];
  DWORD count = 0, used = 0;
  if (argc < 2 || !WaitNamedPipeW(L"\\\\.\\pipe\\GuruConnectTray", 10000)) return puts("no pipe"), 1;
  HANDLE pipe = CreateFileW(L"\\\\.\\pipe\\GuruConnectTray", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0,
                            NULL);
  if (pipe == INVALID_HANDLE_VALUE) return puts("not opened"), 1;
  int size = WideCharToMultiByte(CP_UTF8, 0, argv[1], -1, line, sizeof line - 1, NULL, NULL);
  line[size - 1] = '\n';
  WriteFile(pipe, line, (DWORD)size, &count, NULL);
  while (used + 1 < sizeof line && ReadFile(pipe, line + used, 1, &count, NULL) && count == 1) {
    if (line[used++] == '\n') break;
  }
  line[used] = '\0';
  fputs(line, stdout);
  return 0;
}
