#ifndef GURUCONNECT_STUB_H
#define GURUCONNECT_STUB_H

#include "../common/parse/config.h"

/**
 * Runs as the service that Windows knows: starts the core, the one in a slot or this program itself, starts it again
 * when it ends, and takes a new version back that does not show that it works. With `is_console` without Windows'
 * service manager, until the process is ended.
 */
int stub_run(const struct config *config, bool is_console);

#endif
