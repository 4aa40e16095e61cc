#include "reboot-plan.h"

#include <stdio.h>
#include <string.h>

static const char *const KINDS[] = {"normal", "emergency", "safe", "safe-network", "safe-command", "return-to-normal"};

bool parse_reboot_kind(const char *word, enum reboot_kind *kind) {
  for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i += 1) {
    if (strcmp(word, KINDS[i]) != 0) continue;
    *kind = (enum reboot_kind)i;
    return true;
  }
  return false;
}

static size_t plan_safe_mode(enum reboot_kind kind, struct reboot_step *steps) {
  bool has_network = kind == REBOOT_SAFE_NETWORK;
  size_t n = 0;
  steps[n++] = (struct reboot_step){STEP_REGISTER_SAFE_BOOT, "Minimal", 0};
  steps[n++] = (struct reboot_step){STEP_REGISTER_SAFE_BOOT, "Network", 0};
  // Before the boot value: a machine that cannot remember must not go where it does not come back from.
  steps[n++] = (struct reboot_step){STEP_WRITE_MARKER, KINDS[kind], SAFE_MODE_MINUTES};
  steps[n++] = (struct reboot_step){STEP_BCDEDIT,
                             has_network ? "/set {current} safeboot network" : "/set {current} safeboot minimal", 0};
  if (kind == REBOOT_SAFE_COMMAND) {
    steps[n++] = (struct reboot_step){STEP_BCDEDIT, "/set {current} safebootalternateshell yes", 0};
  } else {
    steps[n++] = (struct reboot_step){STEP_BCDEDIT_IF_SET, "/deletevalue {current} safebootalternateshell", 0};
  }
  steps[n++] = (struct reboot_step){STEP_RESTART, KINDS[kind], 0};
  return n;
}

size_t plan_reboot(enum reboot_kind kind, struct reboot_step steps[MOST_REBOOT_STEPS]) {
  size_t n = 0;
  switch (kind) {
    case REBOOT_NORMAL:
      steps[n++] = (struct reboot_step){STEP_RESTART, KINDS[kind], 0};
      return n;
    case REBOOT_EMERGENCY:
      steps[n++] = (struct reboot_step){STEP_RESTART, KINDS[kind], 1};
      return n;
    case REBOOT_SAFE:
    case REBOOT_SAFE_NETWORK:
    case REBOOT_SAFE_COMMAND:
      return plan_safe_mode(kind, steps);
    case REBOOT_RETURN_TO_NORMAL:
      steps[n++] = (struct reboot_step){STEP_BCDEDIT_IF_SET, "/deletevalue {current} safeboot", 0};
      steps[n++] = (struct reboot_step){STEP_BCDEDIT_IF_SET, "/deletevalue {current} safebootalternateshell", 0};
      steps[n++] = (struct reboot_step){STEP_REMOVE_MARKER, "", 0};
      steps[n++] = (struct reboot_step){STEP_RESTART, KINDS[kind], 0};
      return n;
  }
  return n;
}

void describe_reboot_step(const struct reboot_step *step, char *text, size_t size) {
  switch (step->kind) {
    case STEP_REGISTER_SAFE_BOOT:
      snprintf(text, size, "{\"step\":\"register-safe-boot\",\"mode\":\"%s\"}", step->text);
      break;
    case STEP_WRITE_MARKER:
      snprintf(text, size, "{\"step\":\"write-marker\",\"kind\":\"%s\",\"minutes\":%u}", step->text,
               (unsigned)step->number);
      break;
    case STEP_REMOVE_MARKER:
      snprintf(text, size, "{\"step\":\"remove-marker\"}");
      break;
    case STEP_BCDEDIT:
    case STEP_BCDEDIT_IF_SET:
      snprintf(text, size, "{\"step\":\"bcdedit\",\"arguments\":\"%s\",\"mayFail\":%s}", step->text,
               step->kind == STEP_BCDEDIT_IF_SET ? "true" : "false");
      break;
    case STEP_RESTART:
      snprintf(text, size, "{\"step\":\"restart\",\"kind\":\"%s\",\"force\":%s}", step->text,
               step->number ? "true" : "false");
      break;
  }
}

enum safe_return_action decide_safe_return(const struct safe_mode_view *view) {
  if (!view->is_marked) return SAFE_RETURN_NOTHING;
  // Also without Safe Mode: somebody may have gone back by hand and left the value.
  if (!view->is_value_cleared) return SAFE_RETURN_CLEAR_VALUE;
  if (!view->is_safe_mode) return SAFE_RETURN_FORGET;
  if (view->has_checked_in) return SAFE_RETURN_NOTHING;
  bool is_late = view->running_ms >= (uint64_t)view->minutes * 60000;
  return is_late ? SAFE_RETURN_RESTART : SAFE_RETURN_NOTHING;
}
