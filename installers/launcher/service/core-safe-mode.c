#include "../common/win/log.h"
#include "core.h"
#include "reboot.h"

enum { LOOK_EVERY_MS = 15000 };

static void carry_out(struct core *core, enum safe_return_action action) {
  struct failure failure;
  switch (action) {
    case SAFE_RETURN_CLEAR_VALUE:
      if (reboot_clear_values(&failure)) core->safe_mode.is_value_cleared = true;
      else log_line("Safe Mode cannot be taken back: %s", failure.text);
      break;
    case SAFE_RETURN_FORGET:
      reboot_remove_marker(&core->folders);
      core->safe_mode.is_marked = false;
      break;
    case SAFE_RETURN_RESTART:
      log_line("nobody was heard in Safe Mode for %u minutes: back to normal", core->safe_mode.minutes);
      if (!reboot_run(&core->folders, REBOOT_RETURN_TO_NORMAL, false, &failure)) log_line("%s", failure.text);
      break;
    case SAFE_RETURN_NOTHING:
      break;
  }
}

void safe_mode_begin(struct core *core) {
  struct safe_mode_marker marker;
  core->safe_mode.is_marked = reboot_read_marker(&core->folders, &marker);
  if (!core->safe_mode.is_marked) return;
  core->safe_mode.minutes = marker.minutes;
  core->safe_mode.is_safe_mode = reboot_is_safe_mode();
  log_line(core->safe_mode.is_safe_mode ? "this is the Safe Mode that was asked for" : "back from Safe Mode");
  safe_mode_tend(core);
}

void safe_mode_tend(struct core *core) {
  if (!core->safe_mode.is_marked) return;
  if (core->safe_mode_due != NEVER && GetTickCount64() < core->safe_mode_due) return;
  core->safe_mode_due = core_in(LOOK_EVERY_MS);
  core->safe_mode.running_ms = GetTickCount64() - core->started_at;
  for (int i = 0; i < 2; i++) carry_out(core, decide_safe_return(&core->safe_mode));
}
