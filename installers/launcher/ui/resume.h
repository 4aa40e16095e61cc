#ifndef GURUCONNECT_RESUME_H
#define GURUCONNECT_RESUME_H

#include "../common/parse/config.h"
#include "command-line.h"

/** Goes on, as administrator, with the session whose state folder the command names; see transient.h. */
enum exit_code resume_run(const struct command *command, const struct config *config);

/** What the transient service runs: the agent as SYSTEM, until it ends or the service is stopped. */
enum exit_code transient_service_run(const struct command *command, const struct config *config);

#endif
