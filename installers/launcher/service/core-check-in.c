#include "../common/win/log.h"
#include "core.h"
#include "session-desktop.h"

/** A check-in ends by itself within 60 s; whatever takes longer hangs. */
enum { LONGEST_CHECK_IN_MS = 90000, RETRY_WITHIN_MS = 5000, LAST_WORD_MS = 1000, CHECK_IN_NUMBER = 100 };

static bool is_earlier(ULONGLONG moment, ULONGLONG than) {
  return than == NEVER || moment < than;
}

void check_in_soon(struct core *core, uint32_t within_ms) {
  ULONGLONG due = core_in(core_chance() * within_ms);
  if (is_earlier(due, core->check_in_due)) core->check_in_due = due;
}

void check_in_line_is_up(struct core *core) {
  // One that failed while there was no network need not wait any longer.
  if (!core->has_checked_in) check_in_soon(core, 0);
  else if (core->check_in_failures > 0) check_in_soon(core, RETRY_WITHIN_MS);
}

static void succeeded(struct core *core, int64_t seconds) {
  if (seconds > 0) core->check_in_seconds = (uint32_t)seconds;
  core->check_in_failures = 0;
  core->has_checked_in = true;
  core->safe_mode.has_checked_in = true;
  // A tenth either way: machines that were started together do not stay together.
  ULONGLONG due = core_in(core->check_in_seconds * 1000.0 * (0.9 + 0.2 * core_chance()));
  if (is_earlier(due, core->check_in_due)) core->check_in_due = due;
  core_judge_health(core);
}

/** The server has its rest, whoever asked for another one meanwhile. */
static void failed(struct core *core, const char *why) {
  core->check_in_failures++;
  log_line("the check-in failed: %s", why);
  core->check_in_due = core_in(job_delay_ms(core->check_in_failures, core_chance()));
}

void check_in_said(struct core *core, const struct core_event *event) {
  bool is_answer = (event->value & 255) == NODE_MESSAGE_CHECK_IN_DONE;
  if (!is_answer || event->serial != core->check_in.serial || core->is_check_in_answered) return;
  // What its process returns changes nothing any more.
  core->is_check_in_answered = true;
  if (event->text[0]) failed(core, event->text);
  else succeeded(core, event->value >> 8);
}

static void tend_running(struct core *core) {
  DWORD code = 0;
  ULONGLONG now = GetTickCount64();
  bool has_ended = node_has_ended(&core->check_in, &code);
  if (has_ended && core->check_in_ended_at == NEVER) core->check_in_ended_at = now;
  // Its last word may still be on its way.
  bool is_silent = has_ended && now - core->check_in_ended_at >= LAST_WORD_MS;
  bool is_late = now - core->check_in.started_at > LONGEST_CHECK_IN_MS;
  if (!is_late && !is_silent && !(has_ended && core->is_check_in_answered)) return;
  node_close(&core->check_in);
  if (!core->is_check_in_answered) {
    failed(core, has_ended ? "the agent ended without a word" : "the agent took too long");
  }
}

void check_in_tend(struct core *core) {
  struct failure failure;
  if (core->check_in.is_started) {
    tend_running(core);
    return;
  }
  bool is_due = core->check_in_due != NEVER && GetTickCount64() >= core->check_in_due;
  bool may_run = core->is_enrolled && core->has_pack && core->job_due[JOB_RECONFIGURE] == NEVER &&
                 !(core->job_thread && core->job == JOB_RECONFIGURE);
  if (!is_due || !may_run) return;
  core->check_in_due = core->check_in_ended_at = NEVER;
  core->is_check_in_answered = false;
  core->check_in.number = CHECK_IN_NUMBER;
  if (!node_start(&core->check_in, &core->setup, L"--check-in", console_session(), &failure)) {
    failed(core, failure.text);
  }
}
