#ifndef GURUCONNECT_REBOOT_PLAN_H
#define GURUCONNECT_REBOOT_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What a restart consists of, as a list; reboot.c carries it out. Portable: it is tested without a restart. */
enum reboot_kind {
  REBOOT_NORMAL,
  REBOOT_EMERGENCY,
  REBOOT_SAFE,
  REBOOT_SAFE_NETWORK,
  REBOOT_SAFE_COMMAND,
  REBOOT_RETURN_TO_NORMAL,
};

enum reboot_step_kind {
  /** Lets the service start in this kind of Safe Mode: `text` is Minimal or Network. */
  STEP_REGISTER_SAFE_BOOT,
  /** Notes that Safe Mode was ours, so that the service takes it back: `text` is the kind, `number` the minutes. */
  STEP_WRITE_MARKER,
  STEP_REMOVE_MARKER,
  /** Runs bcdedit with the arguments `text`. */
  STEP_BCDEDIT,
  /** As before, but it fails where the value is not set, and that is fine. */
  STEP_BCDEDIT_IF_SET,
  /** Restarts; `number` is 1 when programs are not asked. */
  STEP_RESTART,
};

struct reboot_step {
  enum reboot_step_kind kind;
  const char *text;
  uint32_t number;
};

enum { MOST_REBOOT_STEPS = 8, SAFE_MODE_MINUTES = 15 };

/** False for a word that names no kind. */
bool parse_reboot_kind(const char *word, enum reboot_kind *kind);

/** The steps in their order; returns how many. A step that fails ends it before the machine goes down. */
size_t plan_reboot(enum reboot_kind kind, struct reboot_step steps[MOST_REBOOT_STEPS]);

/** One step as a line of JSON without its line end, for `--dry-run`. */
void describe_reboot_step(const struct reboot_step *step, char *text, size_t size);

/** What is known when the service runs and Safe Mode may have to end. */
struct safe_mode_view {
  bool is_marked;
  bool is_safe_mode;
  bool is_value_cleared;
  bool has_checked_in;
  uint32_t minutes;
  uint64_t running_ms;
};

enum safe_return_action {
  SAFE_RETURN_NOTHING,
  /** Take the boot value away now: the next start is a normal one, whoever makes it. */
  SAFE_RETURN_CLEAR_VALUE,
  /** Nobody was heard for too long: go back. */
  SAFE_RETURN_RESTART,
  /** Back in normal mode: nothing to remember any more. */
  SAFE_RETURN_FORGET,
};

enum safe_return_action decide_safe_return(const struct safe_mode_view *view);

#endif
