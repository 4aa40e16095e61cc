#ifndef GURUCONNECT_SESSION_WINDOW_H
#define GURUCONNECT_SESSION_WINDOW_H

#include "../common/parse/config.h"
#include "command-line.h"

/**
 * Runs a one-time session with its window (or none: `quiet`) until it is over and the person has seen how it ended.
 * Returns the program's exit code.
 */
enum exit_code session_window_run(const struct command *command, const struct config *config);

#endif
