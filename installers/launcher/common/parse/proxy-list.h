#ifndef GURUCONNECT_PROXY_LIST_H
#define GURUCONNECT_PROXY_LIST_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Picks the proxy for a scheme from a list as Windows keeps it: `host:port`, or `http=host:port;https=host:port`, by
 * semicolons or spaces. `out` gets `host:port`. False when the list names none that speaks HTTP.
 */
bool proxy_for_scheme(const char *list, bool is_secure, char *out, size_t capacity);

/** Whether a list of exceptions names a host: names with `*`, and `<local>` for all without a dot. */
bool proxy_is_bypassed(const char *list, const char *host);

#endif
