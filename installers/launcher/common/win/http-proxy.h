#ifndef GURUCONNECT_HTTP_PROXY_H
#define GURUCONNECT_HTTP_PROXY_H

#include <stdbool.h>

#include "../parse/config.h"

/** `host:port`, or empty for none. */
struct http_proxy {
  char server[280];
};

/** The proxy that an administrator has set for all programs (`netsh winhttp set proxy`), if it is for our server. */
bool http_proxy_of_machine(const struct config *config, struct http_proxy *proxy);

/**
 * The proxy by which our server is reached: the machine's, else what this user (SYSTEM, for a service) is set to, which
 * may be a script to fetch or something to be found in the network. That can take seconds. False for none.
 */
bool http_proxy_find(const struct config *config, struct http_proxy *proxy);

/** A search that goes on beside other work. */
struct http_proxy_search;

/** NULL when there is no memory. `config` must live as long as the process. */
struct http_proxy_search *http_proxy_search_begin(const struct config *config);

/** What was found within `milliseconds` from now; what takes longer is not waited for. To be called once. */
void http_proxy_search_end(struct http_proxy_search *search, unsigned milliseconds, struct http_proxy *proxy);

#endif
