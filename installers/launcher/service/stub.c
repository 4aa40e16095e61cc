#include "stub.h"

#include <windows.h>

#include <stdio.h>
#include <stdlib.h>

#include "../common/win/child.h"
#include "../common/win/line-channel.h"
#include "../common/win/log.h"
#include "../common/win/security.h"
#include "../common/win/text-windows.h"
#include "back-off.h"
#include "service-names.h"
#include "stub-slot.h"
#include "stub-trial.h"

enum {
  /** A core that ran so long has not failed at its start. */
  LONG_RUN_MS = 60000,
  GOODBYE_MS = 15000,
  COMMAND_CAPACITY = 2 * PATH_CAPACITY,
};

struct stub {
  const struct config *config;
  struct service_folders folders;
  HANDLE stop, session_change, healthy;
  SERVICE_STATUS_HANDLE status;
  struct child child;
  struct line_channel *channel;
  struct chosen_core chosen;
  unsigned failures;
  struct trial trial;
};

/** The service manager calls functions without a context; a process has one stub. */
static struct stub *the_stub;

static void report_state(struct stub *stub, DWORD state, DWORD exit_code) {
  SERVICE_STATUS status = {.dwServiceType = SERVICE_WIN32_OWN_PROCESS, .dwCurrentState = state};
  if (!stub->status) return;
  if (state == SERVICE_RUNNING) {
    status.dwControlsAccepted = SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN | SERVICE_ACCEPT_SESSIONCHANGE;
  } else if (state != SERVICE_STOPPED) {
    status.dwWaitHint = GOODBYE_MS + 5000;
  }
  status.dwWin32ExitCode = exit_code ? ERROR_SERVICE_SPECIFIC_ERROR : NO_ERROR;
  status.dwServiceSpecificExitCode = exit_code;
  SetServiceStatus(stub->status, &status);
}

static DWORD WINAPI control(DWORD code, DWORD kind, void *data, void *context) {
  struct stub *stub = context;
  (void)data;
  switch (code) {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
      report_state(stub, SERVICE_STOP_PENDING, 0);
      SetEvent(stub->stop);
      return NO_ERROR;
    case SERVICE_CONTROL_SESSIONCHANGE:
      // Not tried under Wine, which has one session.
      if (kind == WTS_CONSOLE_CONNECT || kind == WTS_CONSOLE_DISCONNECT || kind == WTS_SESSION_LOGON ||
          kind == WTS_SESSION_LOGOFF) {
        SetEvent(stub->session_change);
      }
      return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE:
      return NO_ERROR;
    default:
      return ERROR_CALL_NOT_IMPLEMENTED;
  }
}

static void core_said(void *context, const struct json *json) {
  struct stub *stub = context;
  if (json_is(json, json_member(json, json->nodes, "type"), "healthy")) SetEvent(stub->healthy);
}

static bool start_core(struct stub *stub, struct failure *failure) {
  wchar_t pipe[64], command[COMMAND_CAPACITY], folder[PATH_CAPACITY];
  // A thread less: its stack would be there for good.
  struct line_handler handler = {.context = stub, .on_message = core_said, .is_pumped = true};
  ResetEvent(stub->healthy);
  pipe_name_unique(pipe);
  if (!path_folder(folder, stub->chosen.program) ||
      !format_wide(command, COMMAND_CAPACITY, L"\"%ls\" --core --slot %hs --control %ls%ls", stub->chosen.program,
                   slot_name(stub->chosen.slot), pipe, stub->chosen.is_on_trial ? L" --trial" : L"")) {
    return fail(failure, EXIT_UNEXPECTED, "The path of the program is too long.");
  }
  struct child_options options = {.program = stub->chosen.program, .command_line = command, .folder = folder};
  stub->channel = line_channel_listen(pipe, ACL_PIPE_PRIVATE, &handler, failure);
  if (!stub->channel) return false;
  if (child_start(&stub->child, &options, failure)) return true;
  line_channel_close(stub->channel);
  stub->channel = NULL;
  return false;
}

static void end_core(struct stub *stub) {
  child_close(&stub->child);
  line_channel_close(stub->channel);
  stub->channel = NULL;
}

static void promote(struct stub *stub) {
  trial_end(&stub->trial);
  stub->failures = 0;
  stub->chosen.is_on_trial = false;
  stub_promote(&stub->folders);
  line_channel_send(stub->channel, "{\"type\":\"promoted\"}");
}

/** The version on trial does not work: the one before goes on. */
static void give_up(struct stub *stub, const char *reason) {
  trial_end(&stub->trial);
  stub->failures = 0;
  stub_roll_back(&stub->folders, reason);
}

/** What became of a core. */
enum outcome { CORE_ENDED, CORE_TOO_LATE, STUB_STOPS };

static enum outcome watch_core(struct stub *stub) {
  HANDLE handles[] = {stub->stop, stub->child.process, stub->healthy, stub->session_change,
                      line_channel_event(stub->channel)};
  char reason[REASON_SIZE];
  for (;;) {
    switch (WaitForMultipleObjects(5, handles, FALSE, trial_rest(&stub->trial))) {
      case WAIT_OBJECT_0:
        line_channel_send(stub->channel, "{\"type\":\"stop\"}");
        WaitForSingleObject(stub->child.process, GOODBYE_MS);
        return STUB_STOPS;
      case WAIT_OBJECT_0 + 1:
        return CORE_ENDED;
      case WAIT_OBJECT_0 + 2:
        ResetEvent(stub->healthy);
        if (stub->chosen.is_on_trial) promote(stub);
        break;
      case WAIT_OBJECT_0 + 3:
        line_channel_send(stub->channel, "{\"type\":\"session-change\"}");
        break;
      case WAIT_OBJECT_0 + 4:
        line_channel_pump(stub->channel);
        break;
      default:
        if (trial_tend(&stub->trial, stub->chosen.version, reason)) break;
        give_up(stub, reason);
        return CORE_TOO_LATE;
    }
  }
}

static void core_ended(struct stub *stub, DWORD code, ULONGLONG ran_ms) {
  if (code == EXIT_SWITCH) {
    stub->failures = 0;
    return;
  }
  log_line("the core, version %s, ended with %lu", stub->chosen.version, code);
  stub->failures = ran_ms >= LONG_RUN_MS ? 1 : stub->failures + 1;
  if (!stub->chosen.is_on_trial || stub->failures < MAX_TRIALS) return;
  char reason[REASON_SIZE];
  snprintf(reason, sizeof reason, "Version %s ended by itself %u times (%lu) before it showed that it works.",
           stub->chosen.version, stub->failures, code);
  give_up(stub, reason);
}

/** One core from its start to its end; false when the service stops. */
static bool run_core(struct stub *stub) {
  struct failure failure;
  enum slot before = stub->chosen.slot;
  bool was_on_trial = stub->trial.deadline != 0;
  stub_choose(stub->config, &stub->folders, &stub->chosen);
  if (!stub->chosen.is_on_trial) trial_end(&stub->trial);
  else if (!was_on_trial || before != stub->chosen.slot) trial_begin(&stub->trial, &stub->folders);
  ULONGLONG started = GetTickCount64();
  if (!start_core(stub, &failure)) {
    log_line("the core does not start: %s", failure.text);
    core_ended(stub, (DWORD)failure.code, 0);
    return true;
  }
  enum outcome outcome = watch_core(stub);
  DWORD code = 0;
  GetExitCodeProcess(stub->child.process, &code);
  end_core(stub);
  if (outcome == CORE_ENDED) core_ended(stub, code, GetTickCount64() - started);
  return outcome != STUB_STOPS;
}

static void run_cores(struct stub *stub) {
  while (run_core(stub)) {
    DWORD delay = stub->failures > 0 ? restart_delay_ms(stub->failures) : 0;
    if (WaitForSingleObject(stub->stop, delay) == WAIT_OBJECT_0) return;
  }
}

static bool prepare(struct stub *stub, struct failure *failure) {
  wchar_t log[PATH_CAPACITY];
  if (!service_folders_name(&stub->folders, failure) || !service_folders_make(&stub->folders, failure)) return false;
  if (path_join(log, stub->folders.logs, L"service.log")) log_open(log);
  log_line("the service starts, version %s", stub->config->version);
  return true;
}

static void WINAPI service_main(DWORD count, wchar_t **arguments) {
  struct stub *stub = the_stub;
  struct failure failure;
  (void)count;
  (void)arguments;
  stub->status = RegisterServiceCtrlHandlerExW(SERVICE_NAME, control, stub);
  report_state(stub, SERVICE_START_PENDING, 0);
  if (!prepare(stub, &failure)) {
    report_state(stub, SERVICE_STOPPED, (DWORD)failure.code);
    return;
  }
  report_state(stub, SERVICE_RUNNING, 0);
  run_cores(stub);
  log_line("the service stops");
  report_state(stub, SERVICE_STOPPED, 0);
}

int stub_run(const struct config *config, bool is_console) {
  struct failure failure;
  struct stub *stub = calloc(1, sizeof *stub);
  if (!stub) return EXIT_UNEXPECTED;
  stub->config = config;
  stub->stop = CreateEventW(NULL, TRUE, FALSE, NULL);
  stub->session_change = CreateEventW(NULL, FALSE, FALSE, NULL);
  stub->healthy = CreateEventW(NULL, TRUE, FALSE, NULL);
  the_stub = stub;
  if (is_console) {
    log_to_console();
    if (prepare(stub, &failure)) run_cores(stub);
    else log_line("%s", failure.text);
    return EXIT_OK;
  }
  SERVICE_TABLE_ENTRYW table[] = {{(wchar_t *)SERVICE_NAME, service_main}, {NULL, NULL}};
  if (StartServiceCtrlDispatcherW(table)) return EXIT_OK;
  fputs("Windows starts this program as a service; use --install.\n", stderr);
  return EXIT_BAD_COMMAND_LINE;
}
