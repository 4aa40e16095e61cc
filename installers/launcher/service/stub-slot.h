#ifndef GURUCONNECT_STUB_SLOT_H
#define GURUCONNECT_STUB_SLOT_H

#include "../common/parse/config.h"
#include "service-folders.h"

/** What the stub starts. */
struct chosen_core {
  enum slot slot;
  bool is_on_trial;
  wchar_t program[PATH_CAPACITY];
  char version[VERSION_SIZE];
};

/**
 * Chooses by `slots\state.json`, and writes there what it means: a start of the version on trial, one that had its
 * chances, one that is damaged, or one that is older than this program, which an MSI has brought up to date. Never
 * fails: this program itself can always be started.
 */
void stub_choose(const struct config *config, const struct service_folders *folders, struct chosen_core *chosen);

/** The version on trial works. */
void stub_promote(const struct service_folders *folders);

/**
 * Nobody reaches the server, so the version on trial cannot show that it works, and its starts meanwhile do not count.
 * False when that has been so for a day.
 */
bool stub_prolong(const struct service_folders *folders);

/** The version on trial does not work: the one before goes on. */
void stub_roll_back(const struct service_folders *folders, const char *reason);

#endif
