#include "windows-service.h"

#include <windows.h>

#include "../common/win/paths.h"
#include "../common/win/text-windows.h"
#include "service-names.h"

enum { STOP_MS = 30000, LOOK_EVERY_MS = 100 };

/** A service of this name and the manager that gave it. */
struct service {
  SC_HANDLE manager, handle;
};

static bool refuse(const char *what, struct failure *failure) {
  DWORD error = GetLastError();
  char words[200];
  windows_error_text(error, words, sizeof words);
  return fail(failure, EXIT_NOT_PERMITTED, "The service cannot be %s: %s", what, words);
}

static void close_service(struct service *service) {
  if (service->handle) CloseServiceHandle(service->handle);
  if (service->manager) CloseServiceHandle(service->manager);
}

/** `handle` is NULL where there is no such service, which is no failure. */
static bool open_service(struct service *service, struct failure *failure) {
  service->handle = NULL;
  service->manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE);
  if (!service->manager) return refuse("reached; run this as an administrator", failure);
  service->handle = OpenServiceW(service->manager, SERVICE_NAME, SERVICE_ALL_ACCESS);
  if (service->handle || GetLastError() == ERROR_SERVICE_DOES_NOT_EXIST) return true;
  refuse("opened", failure);
  close_service(service);
  return false;
}

/** Windows starts it again when its process is killed; the stub does that for the core. */
static void describe(SC_HANDLE handle) {
  SERVICE_DESCRIPTIONW description = {(wchar_t *)L"Lets your IT support help with this computer."};
  SC_ACTION actions[] = {{SC_ACTION_RESTART, 1000}, {SC_ACTION_RESTART, 5000}, {SC_ACTION_RESTART, 60000}};
  SERVICE_FAILURE_ACTIONSW failures = {.dwResetPeriod = 86400, .cActions = 3, .lpsaActions = actions};
  ChangeServiceConfig2W(handle, SERVICE_CONFIG_DESCRIPTION, &description);
  ChangeServiceConfig2W(handle, SERVICE_CONFIG_FAILURE_ACTIONS, &failures);
}

bool windows_service_register(const wchar_t *program, struct failure *failure) {
  struct service service;
  wchar_t command[PATH_CAPACITY + 32];
  if (!open_service(&service, failure)) return false;
  format_wide(command, PATH_CAPACITY + 32, L"\"%ls\" --service", program);
  bool is_done = true;
  if (service.handle) {
    is_done = ChangeServiceConfigW(service.handle, SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL,
                                   command, NULL, NULL, NULL, NULL, NULL, SERVICE_TITLE);
  } else {
    service.handle = CreateServiceW(service.manager, SERVICE_NAME, SERVICE_TITLE, SERVICE_ALL_ACCESS,
                                    SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL, command, NULL,
                                    NULL, NULL, NULL, NULL);
    is_done = service.handle != NULL;
  }
  if (is_done) describe(service.handle);
  else refuse("registered", failure);
  close_service(&service);
  return is_done;
}

bool windows_service_start(struct failure *failure) {
  struct service service;
  if (!open_service(&service, failure)) return false;
  bool is_started = service.handle && (StartServiceW(service.handle, 0, NULL) ||
                                       GetLastError() == ERROR_SERVICE_ALREADY_RUNNING);
  if (!is_started) refuse("started", failure);
  close_service(&service);
  return is_started;
}

static bool wait_for_stop(SC_HANDLE handle, struct failure *failure) {
  SERVICE_STATUS status;
  for (int waited = 0; waited < STOP_MS; waited += LOOK_EVERY_MS) {
    if (!QueryServiceStatus(handle, &status)) return refuse("asked", failure);
    if (status.dwCurrentState == SERVICE_STOPPED) return true;
    Sleep(LOOK_EVERY_MS);
  }
  return fail(failure, EXIT_NOT_PERMITTED, "The service does not stop.");
}

bool windows_service_stop(struct failure *failure) {
  struct service service;
  SERVICE_STATUS status;
  if (!open_service(&service, failure)) return false;
  bool is_stopped = true;
  if (service.handle) {
    is_stopped = ControlService(service.handle, SERVICE_CONTROL_STOP, &status) ||
                 GetLastError() == ERROR_SERVICE_NOT_ACTIVE ||
                 // Windows Installer told it to stop a moment ago.
                 GetLastError() == ERROR_SERVICE_CANNOT_ACCEPT_CTRL;
    if (!is_stopped) refuse("stopped", failure);
    else is_stopped = wait_for_stop(service.handle, failure);
  }
  close_service(&service);
  return is_stopped;
}

bool windows_service_remove(struct failure *failure) {
  struct service service;
  if (!open_service(&service, failure)) return false;
  bool is_gone = !service.handle || DeleteService(service.handle) ||
                 GetLastError() == ERROR_SERVICE_MARKED_FOR_DELETE;
  if (!is_gone) refuse("removed", failure);
  close_service(&service);
  return is_gone;
}
