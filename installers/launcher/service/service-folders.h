#ifndef GURUCONNECT_SERVICE_FOLDERS_H
#define GURUCONNECT_SERVICE_FOLDERS_H

#include "../common/win/paths.h"
#include "slots.h"

/** Where the installed agent keeps what it knows: `%ProgramData%\GuruConnect` and below. */
struct service_folders {
  wchar_t data[PATH_CAPACITY], slots[PATH_CAPACITY], packs[PATH_CAPACITY], logs[PATH_CAPACITY];
  /** What every user may read. */
  wchar_t public_folder[PATH_CAPACITY];
};

/** Names them; makes nothing. */
bool service_folders_name(struct service_folders *folders, struct failure *failure);

/**
 * Makes them, for SYSTEM and Administrators alone. What somebody else has put there before is not believed: it is
 * taken away.
 */
bool service_folders_make(const struct service_folders *folders, struct failure *failure);

/** `slots\A` or `slots\B`. */
bool slot_folder(const struct service_folders *folders, enum slot slot, wchar_t out[PATH_CAPACITY]);

bool slots_load(const struct service_folders *folders, struct slots_state *state);
bool slots_save(const struct service_folders *folders, const struct slots_state *state, struct failure *failure);

#endif
