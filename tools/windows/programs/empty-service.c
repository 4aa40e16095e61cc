/*
 * A service that does nothing, to see what Wine itself needs for one: `empty-service install` registers and starts it,
 * `empty-service console` waits as an ordinary program.
 */
#include <stdio.h>
#include <windows.h>

static const wchar_t NAME[] = L"EmptyService";
static HANDLE stop;

static DWORD WINAPI control(DWORD code, DWORD kind, void *data, void *context) {
  (void)kind;
  (void)data;
  (void)context;
  if (code == SERVICE_CONTROL_STOP) SetEvent(stop);
  return NO_ERROR;
}

static void WINAPI service_main(DWORD count, wchar_t **arguments) {
  SERVICE_STATUS status = {.dwServiceType = SERVICE_WIN32_OWN_PROCESS,
                           .dwCurrentState = SERVICE_RUNNING,
                           .dwControlsAccepted = SERVICE_ACCEPT_STOP};
  (void)count;
  (void)arguments;
  SERVICE_STATUS_HANDLE handle = RegisterServiceCtrlHandlerExW(NAME, control, NULL);
  SetServiceStatus(handle, &status);
  WaitForSingleObject(stop, INFINITE);
  status.dwCurrentState = SERVICE_STOPPED;
  SetServiceStatus(handle, &status);
}

static int install(void) {
  wchar_t self[MAX_PATH];
  SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS);
  GetModuleFileNameW(NULL, self, MAX_PATH);
  SC_HANDLE service = CreateServiceW(manager, NAME, NAME, SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
                                     SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, self, NULL, NULL, NULL, NULL, NULL);
  if (service && StartServiceW(service, 0, NULL)) return 0;
  printf("error %lu\n", GetLastError());
  return 1;
}

int wmain(int count, wchar_t **arguments) {
  SERVICE_TABLE_ENTRYW table[] = {{(wchar_t *)NAME, service_main}, {NULL, NULL}};
  stop = CreateEventW(NULL, TRUE, FALSE, NULL);
  if (count > 1 && wcscmp(arguments[1], L"install") == 0) return install();
  if (count > 1) return (int)WaitForSingleObject(stop, INFINITE);
  return StartServiceCtrlDispatcherW(table) ? 0 : 1;
}
