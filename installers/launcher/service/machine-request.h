#ifndef GURUCONNECT_MACHINE_REQUEST_H
#define GURUCONNECT_MACHINE_REQUEST_H

#include "../common/win/http.h"
#include "identity.h"

struct machine_request {
  /** `GET` or `POST`. */
  const char *method;
  const char *path;
  /** JSON, or NULL. */
  const char *body;
};

/** Milliseconds since 1970, as this computer sees it. */
int64_t now_ms(void);

/**
 * Sends a request that this machine signs, and reads the answer (ended by NUL). A clock that is wrong here is put right
 * by what the server says, once. False when there was no good answer; the sentence is the server's where it gave one.
 */
bool machine_request_send(struct http_client *client, const struct identity *identity,
                          const struct machine_request *request, char *answer, size_t capacity,
                          struct failure *failure);

#endif
