#ifndef GURUCONNECT_CHILD_H
#define GURUCONNECT_CHILD_H

#include <windows.h>

#include "../parse/failure.h"

/** One more variable for a child; a NULL value takes it out. */
struct variable {
  const wchar_t *name, *value;
};

struct child_options {
  /** Full path of the program. */
  const wchar_t *program;
  /** The whole command line, the program's name (quoted) first. */
  const wchar_t *command_line;
  const wchar_t *folder;
  /** Both output streams are added to the end of it; NULL for none. Node needs a file there. */
  const wchar_t *log_file;
  const struct variable *variables;
  size_t variable_count;
  /** Whom it runs as: NULL for who we are. Needs a primary token and the right to use it. */
  HANDLE token;
  /** `winsta0\default`, or NULL for ours. */
  const wchar_t *desktop;
  /** A block as CreateEnvironmentBlock makes it, to which the variables are added; NULL for ours. */
  const wchar_t *environment;
};

/** A process in a job of its own: all that it starts ends with it, and with us. */
struct child {
  HANDLE process, job;
  DWORD id;
};

bool child_start(struct child *child, const struct child_options *options, struct failure *failure);

/** Ends it with all that it started, at once. */
void child_kill(struct child *child);

/** Frees it; kills what still runs. */
void child_close(struct child *child);

/** A block of variables: `base` (NULL for ours) with changes. Free with `free`. NULL when there is no memory. */
wchar_t *environment_with(const wchar_t *base, const struct variable *variables, size_t count);

#endif
