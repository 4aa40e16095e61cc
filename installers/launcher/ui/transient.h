#ifndef GURUCONNECT_TRANSIENT_H
#define GURUCONNECT_TRANSIENT_H

#include <wchar.h>

#include "../common/parse/file-name.h"
#include "../common/win/paths.h"

/*
 * An elevated session: Windows' consent screen and the lock screen belong to SYSTEM, so an agent that is merely
 * elevated would show black there. For the time of one session a service of ours runs the agent as SYSTEM on the
 * person's desktop; it and its folder, which only administrators can write to, go with the session.
 */

/** Where an elevated session keeps its files: `%ProgramData%\GuruConnect\transient-<code>`. */
struct transient_folders {
  wchar_t base[PATH_CAPACITY];
  wchar_t folder[PATH_CAPACITY];
  wchar_t state[PATH_CAPACITY];
  wchar_t packs[PATH_CAPACITY];
  wchar_t program[PATH_CAPACITY];
};

/** Name of the service for a code. */
#define TRANSIENT_SERVICE_NAME L"GuruConnectSession-"

/** Paths for a session's code, nothing made; false when they are too long. */
bool transient_folders_find(struct transient_folders *folders, const char *code, struct failure *failure);

/** The code in the name of a folder `...-<code>`, of a session's state or of a transient one. */
bool transient_code(const wchar_t *folder, char code[SESSION_CODE_DIGITS + 1]);

#endif
