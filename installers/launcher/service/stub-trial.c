#include "stub-trial.h"

#include <stdio.h>

#include "../common/win/log.h"
#include "../common/win/text-windows.h"
#include "stub-slot.h"

enum {
  HEALTH_SECONDS = 120,
  /** How often a server that could not be reached is tried again. */
  ASK_AGAIN_SECONDS = 60,
  /** No answer by then is none. */
  ANSWER_MS = 45000,
  /** The time asleep counts for a wait and not for the trial, so waits are short. */
  LONGEST_REST_MS = 1000,
};

/** Time in which the computer was awake, in ms: a laptop that sleeps does not use up a trial. */
static ULONGLONG awake_ms(void) {
  ULONGLONG time = 0;
  QueryUnbiasedInterruptTime(&time);
  return time / 10000;
}

/** How long a new version has; an administrator may choose it. */
static DWORD health_seconds(void) {
  DWORD value = 0, size = sizeof value;
  LONG error = RegGetValueW(HKEY_LOCAL_MACHINE, L"Software\\GuruConnect", L"HealthSeconds",
                            RRF_RT_REG_DWORD | RRF_SUBKEY_WOW6464KEY, NULL, &value, &size);
  return error == ERROR_SUCCESS && value >= 5 && value <= 3600 ? value : HEALTH_SECONDS;
}

static void give_seconds(struct trial *trial, DWORD seconds) {
  trial->deadline = awake_ms() + seconds * 1000ull;
}

void trial_end(struct trial *trial) {
  child_close(&trial->question);
  trial->deadline = 0;
}

void trial_begin(struct trial *trial, const struct service_folders *folders) {
  trial_end(trial);
  trial->folders = folders;
  trial->is_waiting = false;
  give_seconds(trial, health_seconds());
}

DWORD trial_rest(const struct trial *trial) {
  ULONGLONG now = awake_ms();
  if (trial->deadline == 0) return INFINITE;
  if (trial->question.process || trial->deadline > now + LONGEST_REST_MS) return LONGEST_REST_MS;
  return trial->deadline > now ? (DWORD)(trial->deadline - now) + 1 : 0;
}

/** In a process of its own: what HTTP needs stays out of the stub, and whatever hangs can be ended. */
static bool ask(struct trial *trial) {
  wchar_t self[PATH_CAPACITY], folder[PATH_CAPACITY], command[PATH_CAPACITY + 32];
  struct failure failure;
  struct child_options options = {.program = self, .command_line = command, .folder = folder};
  trial->asked_at = awake_ms();
  return path_of_self(self) && path_folder(folder, self) &&
         format_wide(command, PATH_CAPACITY + 32, L"\"%ls\" --reach", self) &&
         child_start(&trial->question, &options, &failure);
}

/** Its time is over, and it is known whether the server can be reached. */
static bool judge(struct trial *trial, bool is_reached, const char *version, char reason[REASON_SIZE]) {
  DWORD seconds = health_seconds();
  if (is_reached && trial->is_waiting) {
    log_line("the server can be reached again: version %s has its time anew", version);
    trial->is_waiting = false;
    give_seconds(trial, seconds);
    return true;
  }
  if (is_reached) {
    snprintf(reason, REASON_SIZE, "Version %s did not come online and check in within %lu s.", version, seconds);
    return false;
  }
  if (!stub_prolong(trial->folders)) {
    snprintf(reason, REASON_SIZE, "Version %s never came online, and nobody here reached the server for a day.",
             version);
    return false;
  }
  if (!trial->is_waiting) log_line("nobody here reaches the server: version %s keeps its trial", version);
  trial->is_waiting = true;
  give_seconds(trial, seconds < ASK_AGAIN_SECONDS ? seconds : ASK_AGAIN_SECONDS);
  return true;
}

bool trial_tend(struct trial *trial, const char *version, char reason[REASON_SIZE]) {
  DWORD code = 0;
  if (trial->deadline == 0) return true;
  if (trial->question.process) {
    bool has_answered = WaitForSingleObject(trial->question.process, 0) == WAIT_OBJECT_0;
    if (!has_answered && awake_ms() - trial->asked_at < ANSWER_MS) return true;
    bool is_reached = has_answered && GetExitCodeProcess(trial->question.process, &code) && code == EXIT_OK;
    child_close(&trial->question);
    return judge(trial, is_reached, version, reason);
  }
  if (awake_ms() < trial->deadline) return true;
  // What cannot even be asked is not in the version's favour.
  return ask(trial) || judge(trial, true, version, reason);
}
