#ifndef GURUCONNECT_INSTALLER_H
#define GURUCONNECT_INSTALLER_H

#include "../common/parse/config.h"
#include "command-line.h"

/**
 * Installs the service with the token of the program's file name: asks for administrator rights first, then fetches
 * and verifies the programs that machines run, and has the service install itself.
 */
enum exit_code installer_run(const struct command *command, const struct config *config);

#endif
