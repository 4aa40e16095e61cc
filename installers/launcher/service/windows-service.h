#ifndef GURUCONNECT_WINDOWS_SERVICE_H
#define GURUCONNECT_WINDOWS_SERVICE_H

#include <wchar.h>

#include "../common/parse/failure.h"

/** Registers the service with this program, or corrects what is registered. */
bool windows_service_register(const wchar_t *program, struct failure *failure);
bool windows_service_start(struct failure *failure);

/** Stops it and waits until its process is gone; a service that is not there or not running is fine. */
bool windows_service_stop(struct failure *failure);
bool windows_service_remove(struct failure *failure);

#endif
