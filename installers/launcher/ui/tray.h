#ifndef GURUCONNECT_TRAY_H
#define GURUCONNECT_TRAY_H

#include "../common/parse/failure.h"

/**
 * The icon beside the clock: how the service is, and a way to ask for support. One per user session; a second one
 * ends at once. Returns when the person hides it or signs out.
 */
enum exit_code tray_run(void);

#endif
