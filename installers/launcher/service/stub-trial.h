#ifndef GURUCONNECT_STUB_TRIAL_H
#define GURUCONNECT_STUB_TRIAL_H

#include "../common/win/child.h"
#include "service-folders.h"

/**
 * How long the version on trial has to show that it works, and whether it is its fault that it did not: when nobody on
 * this computer reaches the server, a version that is good cannot come online either, and keeps its trial.
 */
struct trial {
  const struct service_folders *folders;
  /** When its time is over, in ms that the computer was awake; 0 while nothing is on trial. */
  ULONGLONG deadline;
  /** Nobody reached the server when its time was over. */
  bool is_waiting;
  /** Asks whether the server can be reached. */
  struct child question;
  ULONGLONG asked_at;
};

/** The time begins. */
void trial_begin(struct trial *trial, const struct service_folders *folders);

/** Nothing is on trial any more. */
void trial_end(struct trial *trial);

/** How long to wait before the next `trial_tend`, in ms; INFINITE while nothing is on trial. */
DWORD trial_rest(const struct trial *trial);

/** False when the version has lost its trial; `reason` then says why. */
bool trial_tend(struct trial *trial, const char *version, char reason[REASON_SIZE]);

#endif
