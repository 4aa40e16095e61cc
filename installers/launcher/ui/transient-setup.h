#ifndef GURUCONNECT_TRANSIENT_SETUP_H
#define GURUCONNECT_TRANSIENT_SETUP_H

#include <windows.h>

#include "pack-source.h"
#include "transient.h"

/**
 * Makes the protected folder with this program, the pack, and the files of the session's own state folder, which a
 * user can write to and is only read.
 */
bool transient_prepare(const struct transient_folders *folders, const wchar_t *state, const struct config *config,
                       const struct pack_view *view, struct failure *failure);

/** Registers and starts the service; close the handle. NULL when that failed. */
SC_HANDLE transient_start(const struct transient_folders *folders, const char *code, const wchar_t *pipe,
                          struct failure *failure);

/** Waits until the service has stopped, or asks it to once `stop` is set. */
void transient_wait(SC_HANDLE service, HANDLE stop);

/** Removes what is left of it: the folder, and the base where nothing else is in it. */
void transient_remove(const struct transient_folders *folders);

#endif
