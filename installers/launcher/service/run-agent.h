#ifndef GURUCONNECT_RUN_AGENT_H
#define GURUCONNECT_RUN_AGENT_H

#include <wchar.h>

#include "../common/parse/config.h"

/**
 * Runs the agent that is installed with the same arguments and prints what it prints: `--diagnose`,
 * `--reconfigure …`. Returns its exit code.
 */
int run_agent(const struct config *config, const wchar_t *arguments);

#endif
