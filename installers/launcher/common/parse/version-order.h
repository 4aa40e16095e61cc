#ifndef GURUCONNECT_VERSION_ORDER_H
#define GURUCONNECT_VERSION_ORDER_H

#include <stdbool.h>

/** Whether this is a version as manifests have them: two to four numbers of at most five digits, dots between. */
bool version_is_valid(const char *version);

/**
 * Order of two versions as the server sees it: negative when the left one is older. Missing numbers count as 0; what
 * is no version is older than everything that is one.
 */
int version_order(const char *left, const char *right);

#endif
