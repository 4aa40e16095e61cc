#ifndef GURUCONNECT_SUPPORT_REQUEST_H
#define GURUCONNECT_SUPPORT_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Room for 2000 characters of at most four bytes. */
enum { SUPPORT_MESSAGE_CAPACITY = 8001, SUPPORT_USER_CAPACITY = 601 };

/** What somebody at the computer sent to the tray pipe. */
struct support_request {
  char message[SUPPORT_MESSAGE_CAPACITY];
  char user[SUPPORT_USER_CAPACITY];
};

/** Reads `{"type":"request-support","message":"…","user":"…"}`; false for anything else. */
bool support_request_read(const char *line, size_t size, struct support_request *request);

/** The body for the server. */
bool support_request_body(const struct support_request *request, char *out, size_t capacity);

enum { LIMITED_USERS = 16, LIMIT_MS = 30000 };

/** Who asked when: one request in 30 s for each user, and for all together as many as there are places. */
struct support_limiter {
  struct {
    uint32_t user;
    uint64_t at;
  } recent[LIMITED_USERS];
};

bool support_limiter_allow(struct support_limiter *limiter, const char *user, uint64_t now_ms);

#endif
