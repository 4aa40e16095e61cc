#include <windows.h>

#include <userenv.h>
#include <wtsapi32.h>

#include "../common/win/log.h"
#include "../common/win/pack.h"
#include "../common/win/release.h"
#include "../service/session-desktop.h"
#include "agent-process.h"
#include "resume.h"
#include "self-delete.h"
#include "transient.h"

/* ServiceMain gets no context. */
static const struct command *service_command;
static const struct config *service_config;
static SERVICE_STATUS_HANDLE status_handle;
static HANDLE stop_event;
static enum exit_code outcome = EXIT_UNEXPECTED;

static void tell_state(DWORD state) {
  SERVICE_STATUS status = {.dwServiceType = SERVICE_WIN32_OWN_PROCESS, .dwCurrentState = state};
  status.dwControlsAccepted = state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0;
  if (state == SERVICE_STOPPED && outcome != EXIT_OK) {
    status.dwWin32ExitCode = ERROR_SERVICE_SPECIFIC_ERROR;
    status.dwServiceSpecificExitCode = outcome;
  }
  SetServiceStatus(status_handle, &status);
}

static DWORD WINAPI on_control(DWORD control, DWORD type, void *data, void *context) {
  (void)type;
  (void)data;
  (void)context;
  if (control != SERVICE_CONTROL_STOP && control != SERVICE_CONTROL_SHUTDOWN) return NO_ERROR;
  SetEvent(stop_event);
  return NO_ERROR;
}

/** The agent as SYSTEM on the desktop of the computer's own screen. The part with a token was not tried under Wine. */
static bool start_agent(struct child *agent, const struct transient_folders *folders, const char *code,
                        struct failure *failure) {
  struct manifest manifest;
  wchar_t pack[PATH_CAPACITY];
  HANDLE token = NULL;
  void *environment = NULL;
  struct http_proxy proxy;
  if (!manifest_from_resources(service_config, &manifest, failure)) return false;
  if (!pack_folder(&manifest.pack, folders->packs, pack)) {
    return fail(failure, EXIT_DISK, "The files of the elevated session are missing.");
  }
  if (!session_token(console_session(), &token, failure)) return false;
  if (token && !CreateEnvironmentBlock(&environment, token, FALSE)) environment = NULL;
  // As SYSTEM: what the person has set for themselves is not known here, what is set for the machine is.
  http_proxy_find(service_config, &proxy);
  struct agent_start start = {.proxy = &proxy, .config = service_config, .pack = pack, .state = folders->state, .code = code,
                              .pipe = service_command->pipe, .ui = folders->program, .token = token,
                              .desktop = token ? L"winsta0\\default" : NULL, .environment = environment};
  bool ok = agent_process_start(agent, &start, failure);
  if (environment) DestroyEnvironmentBlock(environment);
  if (token) CloseHandle(token);
  return ok;
}

static enum exit_code serve(const struct transient_folders *folders, const char *code) {
  struct child agent = {0};
  struct failure failure;
  if (!start_agent(&agent, folders, code, &failure)) {
    log_line("the elevated agent did not start: %s", failure.text);
    return failure.code;
  }
  tell_state(SERVICE_RUNNING);
  HANDLE events[] = {agent.process, stop_event};
  WaitForMultipleObjects(2, events, FALSE, INFINITE);
  child_close(&agent);
  return EXIT_OK;
}

/** Whoever started us may be gone, so the service takes itself away. */
static void remove_service(const wchar_t *name) {
  SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
  SC_HANDLE service = manager ? OpenServiceW(manager, name, DELETE) : NULL;
  if (service && !DeleteService(service)) log_line("the transient service stays (error %lu)", GetLastError());
  if (service) CloseServiceHandle(service);
  if (manager) CloseServiceHandle(manager);
}

static void WINAPI service_main(DWORD count, wchar_t **arguments) {
  struct transient_folders folders;
  char code[SESSION_CODE_DIGITS + 1];
  struct failure failure;
  const wchar_t *name = count > 0 ? arguments[0] : L"";
  status_handle = RegisterServiceCtrlHandlerExW(name, on_control, NULL);
  tell_state(SERVICE_START_PENDING);
  if (transient_code(service_command->target, code) && transient_folders_find(&folders, code, &failure)) {
    outcome = serve(&folders, code);
    remove_service(name);
    remove_tree(folders.state);
    remove_tree(folders.packs);
    self_delete();
  }
  tell_state(SERVICE_STOPPED);
}

enum exit_code transient_service_run(const struct command *command, const struct config *config) {
  wchar_t name[] = TRANSIENT_SERVICE_NAME;
  SERVICE_TABLE_ENTRYW table[] = {{name, service_main}, {NULL, NULL}};
  service_command = command;
  service_config = config;
  stop_event = CreateEventW(NULL, TRUE, FALSE, NULL);
  if (!stop_event || !StartServiceCtrlDispatcherW(table)) return EXIT_BAD_COMMAND_LINE;
  return outcome;
}
