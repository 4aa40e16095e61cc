#ifndef GURUCONNECT_SESSION_FILES_H
#define GURUCONNECT_SESSION_FILES_H

#include <windows.h>

#include "../common/win/paths.h"

/** Where a one-time session keeps its files; all of it is removed at the end, or by a later start. */
struct session_files {
  wchar_t root[PATH_CAPACITY];
  wchar_t packs[PATH_CAPACITY];
  /** `<root>\session-<code>`. */
  wchar_t state[PATH_CAPACITY];
  /** Open while the session lives; the system closes it for us when we crash. */
  HANDLE lock;
};

/** The folders of this user; nothing is made for the session yet. */
bool session_files_find(struct session_files *files, struct failure *failure);

/**
 * Makes the session's folder, locks it, and has Windows clean up at the next sign-in should we never get to it.
 * EXIT_SESSION_FAILED when a session with this code runs already.
 */
bool session_files_open(struct session_files *files, const char *code, struct failure *failure);

/** Removes the session's folder and packs that nobody uses any more. */
void session_files_remove(struct session_files *files);

/** Removes what sessions left behind that crashed: their folders, and packs that nobody uses. */
void session_files_remove_leftovers(const struct session_files *files);

#endif
