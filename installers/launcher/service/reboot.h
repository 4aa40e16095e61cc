#ifndef GURUCONNECT_REBOOT_H
#define GURUCONNECT_REBOOT_H

#include "reboot-plan.h"
#include "service-folders.h"

/** What was noted when Safe Mode was asked for. */
struct safe_mode_marker {
  uint32_t minutes;
};

/** Carries out a restart, step by step; a step that fails ends it with its reason. `only_print`: says the steps. */
bool reboot_run(const struct service_folders *folders, enum reboot_kind kind, bool only_print,
                struct failure *failure);

/** Whether Safe Mode was asked for by us and is not over. */
bool reboot_read_marker(const struct service_folders *folders, struct safe_mode_marker *marker);

/** Takes the boot values of Safe Mode away. False when bcdedit could not be run. */
bool reboot_clear_values(struct failure *failure);

void reboot_remove_marker(const struct service_folders *folders);

/** Whether Windows runs in Safe Mode now. */
bool reboot_is_safe_mode(void);

#endif
