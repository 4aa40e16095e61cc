#include "child.h"

#include <stdlib.h>
#include <string.h>

#define START_TRIES 15
#define START_AGAIN_MS 200

static size_t name_length(const wchar_t *entry) {
  // The names of the current folders of drives start with `=`.
  const wchar_t *equals = wcschr(entry + 1, L'=');
  return equals ? (size_t)(equals - entry) : wcslen(entry);
}

static bool is_changed(const wchar_t *entry, const struct variable *variables, size_t count) {
  size_t length = name_length(entry);
  for (size_t i = 0; i < count; i++) {
    if (wcslen(variables[i].name) == length && _wcsnicmp(entry, variables[i].name, length) == 0) return true;
  }
  return false;
}

wchar_t *environment_with(const wchar_t *base, const struct variable *variables, size_t count) {
  wchar_t *own = base ? NULL : GetEnvironmentStringsW();
  const wchar_t *from = base ? base : own;
  size_t room = 2;
  if (!from) return NULL;
  for (const wchar_t *entry = from; *entry; entry += wcslen(entry) + 1) room += wcslen(entry) + 1;
  for (size_t i = 0; i < count; i++) {
    if (variables[i].value) room += wcslen(variables[i].name) + wcslen(variables[i].value) + 2;
  }
  wchar_t *block = malloc(room * sizeof *block), *at = block;
  if (block) {
    for (const wchar_t *entry = from; *entry; entry += wcslen(entry) + 1) {
      if (is_changed(entry, variables, count)) continue;
      wcscpy(at, entry);
      at += wcslen(at) + 1;
    }
    for (size_t i = 0; i < count; i++) {
      if (!variables[i].value) continue;
      wcscpy(at, variables[i].name);
      wcscat(at, L"=");
      wcscat(at, variables[i].value);
      at += wcslen(at) + 1;
    }
    at[0] = at[1] = L'\0';
  }
  if (own) FreeEnvironmentStringsW(own);
  return block;
}

static HANDLE make_job(void) {
  HANDLE job = CreateJobObjectW(NULL, NULL);
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  if (job && SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits)) return job;
  if (job) CloseHandle(job);
  return NULL;
}

static HANDLE open_output(const wchar_t *file) {
  SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
  return CreateFileW(file ? file : L"NUL", FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                     &inherited, file ? OPEN_ALWAYS : OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
}

/** Starts it, held back, with `output` and nothing else of ours in its hands. */
static bool create(PROCESS_INFORMATION *made, const struct child_options *options, wchar_t *command_line,
                   wchar_t *environment, HANDLE output) {
  STARTUPINFOEXW start = {.StartupInfo = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES}};
  SIZE_T size = 0;
  start.StartupInfo.lpDesktop = (wchar_t *)options->desktop;
  start.StartupInfo.hStdOutput = start.StartupInfo.hStdError = output;
  InitializeProcThreadAttributeList(NULL, 1, 0, &size);
  LPPROC_THREAD_ATTRIBUTE_LIST list = start.lpAttributeList = malloc(size);
  if (!list || !InitializeProcThreadAttributeList(list, 1, 0, &size)) return free(list), false;
  DWORD flags = CREATE_NO_WINDOW | CREATE_SUSPENDED | CREATE_UNICODE_ENVIRONMENT | EXTENDED_STARTUPINFO_PRESENT;
  bool ok = UpdateProcThreadAttribute(list, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &output, sizeof output, NULL, NULL);
  if (ok && options->token) {
    ok = CreateProcessAsUserW(options->token, options->program, command_line, NULL, NULL, TRUE, flags, environment,
                              options->folder, &start.StartupInfo, made);
  } else if (ok) {
    ok = CreateProcessW(options->program, command_line, NULL, NULL, TRUE, flags, environment, options->folder,
                        &start.StartupInfo, made);
  }
  DWORD error = GetLastError();
  DeleteProcThreadAttributeList(list);
  free(list);
  SetLastError(error);
  return ok;
}

/**
 * As `create`, but patient with files that are in somebody's hands: virus scanners look at a program that has just been
 * written, and for that moment it cannot be started.
 */
static bool create_patiently(PROCESS_INFORMATION *made, const struct child_options *options, wchar_t *command_line,
                             wchar_t *environment, HANDLE output) {
  for (int tries = 1;; tries++) {
    if (create(made, options, command_line, environment, output)) return true;
    DWORD error = GetLastError();
    bool may_pass = error == ERROR_ACCESS_DENIED || error == ERROR_SHARING_VIOLATION || error == ERROR_LOCK_VIOLATION;
    if (!may_pass || tries == START_TRIES) return SetLastError(error), false;
    Sleep(START_AGAIN_MS);
  }
}

/** Puts it into its job before it runs, so that nothing of it can escape. */
static bool release(struct child *child, const PROCESS_INFORMATION *made) {
  bool ok = AssignProcessToJobObject(child->job, made->hProcess) && ResumeThread(made->hThread) != (DWORD)-1;
  DWORD error = GetLastError();
  if (!ok) TerminateProcess(made->hProcess, 1);
  CloseHandle(made->hThread);
  child->process = made->hProcess;
  child->id = made->dwProcessId;
  SetLastError(error);
  return ok;
}

bool child_start(struct child *child, const struct child_options *options, struct failure *failure) {
  PROCESS_INFORMATION made;
  *child = (struct child){.job = make_job()};
  wchar_t *command_line = _wcsdup(options->command_line);
  wchar_t *environment = environment_with(options->environment, options->variables, options->variable_count);
  HANDLE output = open_output(options->log_file);
  bool ok = child->job && command_line && environment && output != INVALID_HANDLE_VALUE &&
            create_patiently(&made, options, command_line, environment, output) && release(child, &made);
  DWORD error = GetLastError();
  if (output != INVALID_HANDLE_VALUE) CloseHandle(output);
  free(environment);
  free(command_line);
  if (ok) return true;
  child_close(child);
  return fail(failure, EXIT_AGENT_DID_NOT_START, "A part of the program could not be started (error %lu).", error);
}

void child_kill(struct child *child) {
  if (child->job) TerminateJobObject(child->job, 1);
}

void child_close(struct child *child) {
  // The last handle of the job ends what is in it.
  if (child->job) CloseHandle(child->job);
  if (child->process) CloseHandle(child->process);
  *child = (struct child){0};
}
