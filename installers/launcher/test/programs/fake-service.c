/*
 * Stands for the installed service in tests of the icon beside the clock: takes one line from its pipe, prints it, and
 * answers with its argument.
 */
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

int wmain(int argc, wchar_t **argv) {
  char line[65536], answer[1024] = "";
  DWORD size = 0, count;
  HANDLE pipe = CreateNamedPipeW(L"\\\\.\\pipe\\GuruConnectTray", PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE | PIPE_WAIT, 1,
                                 65536, 65536, 0, NULL);
  if (argc < 2 || pipe == INVALID_HANDLE_VALUE) return 1;
  puts("ready");
  fflush(stdout);
  if (!ConnectNamedPipe(pipe, NULL) && GetLastError() != ERROR_PIPE_CONNECTED) return 2;
  while (size < sizeof line - 1 && ReadFile(pipe, line + size, 1, &count, NULL) && line[size] != '\n') size++;
  line[size] = '\0';
  puts(line);
  WideCharToMultiByte(CP_UTF8, 0, argv[1], -1, answer, sizeof answer - 1, NULL, NULL);
  strcat(answer, "\n");
  WriteFile(pipe, answer, (DWORD)strlen(answer), &count, NULL);
  FlushFileBuffers(pipe);
  CloseHandle(pipe);
  return 0;
}
