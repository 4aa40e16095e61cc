#include "self-delete.h"

#include <windows.h>

#include "../common/win/log.h"
#include "../common/win/paths.h"
#include "../common/win/text-windows.h"

/**
 * A program cannot delete its own file while it runs, so a command interpreter tries once a second, for a minute, and
 * ends. The path comes by a variable: then no character in it means anything to the interpreter.
 */
static bool start_interpreter(const wchar_t *self) {
  wchar_t folder[PATH_CAPACITY], program[PATH_CAPACITY], line[] =
      L"cmd.exe /d /v:on /c for /l %i in (1,1,60) do (del /f /q \"!GURUCONNECT_REMOVE!\" 2>nul & "
      L"if not exist \"!GURUCONNECT_REMOVE!\" exit /b 0 & ping -n 2 127.0.0.1 >nul)";
  STARTUPINFOW start = {.cb = sizeof start};
  PROCESS_INFORMATION made;
  UINT size = GetSystemDirectoryW(folder, PATH_CAPACITY - 10);
  if (size == 0 || !path_join(program, folder, L"cmd.exe")) return false;
  SetEnvironmentVariableW(L"GURUCONNECT_REMOVE", self);
  bool ok = CreateProcessW(program, line, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, folder, &start, &made);
  if (!ok) return false;
  CloseHandle(made.hThread);
  CloseHandle(made.hProcess);
  return true;
}

void self_delete(void) {
  wchar_t self[PATH_CAPACITY];
  if (!path_of_self(self)) return;
  if (start_interpreter(self)) return;
  log_line("deleting the program waits for the next start of Windows");
  // Needs an administrator; without one the file stays, and says so nowhere but here.
  if (!MoveFileExW(self, NULL, MOVEFILE_DELAY_UNTIL_REBOOT)) log_line("the program could not be deleted");
}
