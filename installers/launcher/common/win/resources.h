#ifndef GURUCONNECT_RESOURCES_H
#define GURUCONNECT_RESOURCES_H

#include <stddef.h>
#include <stdint.h>

#include "../parse/config.h"

/** Bytes of a named resource (RT_RCDATA) of this program; NULL when it has none. They live as long as it does. */
const uint8_t *resource_bytes(const wchar_t *name, size_t *size);

/** Reads `GCCONFIG`; EXIT_NOT_CONFIGURED when this program was not made by a server. */
bool config_from_resources(struct config *config, struct failure *failure);

#endif
