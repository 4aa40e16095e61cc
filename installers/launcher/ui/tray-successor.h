#ifndef GURUCONNECT_TRAY_SUCCESSOR_H
#define GURUCONNECT_TRAY_SUCCESSOR_H

#include <stdbool.h>

#include "../common/win/paths.h"
#include "tray-status.h"

/**
 * Updates of the service bring a window program of their own; the tray, which Windows starts from the installed one and
 * which runs for days, hands over to it. Keeps what this process has seen so far; begin with zeros.
 */
struct tray_successor {
  /** The service was of this program's own version once. */
  bool was_current;
  /** What could not be started is not tried again. */
  wchar_t failed[PATH_CAPACITY];
};

/** The program to hand over to by what the service says; false for none. */
bool tray_successor_find(struct tray_successor *successor, const struct tray_status *status,
                         wchar_t out[PATH_CAPACITY]);

/** Starts it; false (and it is not found again) when Windows does not. */
bool tray_successor_start(struct tray_successor *successor, const wchar_t *program);

#endif
