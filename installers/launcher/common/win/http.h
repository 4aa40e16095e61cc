#ifndef GURUCONNECT_HTTP_H
#define GURUCONNECT_HTTP_H

#include <windows.h>
#include <winhttp.h>

#include "../parse/config.h"

/**
 * Speaks HTTP with the one server of the configuration, by the proxy that this user or computer is set to. Trust is
 * Windows' own, and the configuration's own authority if it names one; a certificate that nobody vouches for ends the
 * request before anything was sent over it.
 */
struct http_client {
  const struct config *config;
  HINTERNET session, connection;
  /** What the configuration's `ca` makes; NULL for none. */
  struct http_trust *trust;
  /** When it is not NULL and becomes non-zero, requests end with EXIT_CANCELLED within a moment. */
  volatile LONG *cancelled;
};

bool http_open(struct http_client *client, const struct config *config, struct failure *failure);
void http_close(struct http_client *client);

struct http_progress {
  void *context;
  void (*report)(void *context, uint64_t done, uint64_t total);
};

struct http_request {
  const wchar_t *method;
  /** Path and query, ASCII. */
  const char *path;
  /** Lines `Name: value\r\n`, or NULL. */
  const wchar_t *headers;
  const void *body;
  size_t body_size;
  /** Asks for a WebSocket: the answer 101 is then the good one. */
  bool upgrade;
};

/**
 * Sends a request and reads the head of the answer. Give the handle to WinHttpReadData or
 * WinHttpWebSocketCompleteUpgrade; close it with WinHttpCloseHandle. NULL when there was no answer. Any status is
 * an answer.
 */
HINTERNET http_send(struct http_client *client, const struct http_request *request, int *status,
                    struct failure *failure);

/** Fetches a body of at most `capacity` bytes; any status but 200 is EXIT_SERVER_REFUSED with the server's sentence. */
bool http_get(struct http_client *client, const char *path, const wchar_t *headers, void *body, size_t capacity,
              size_t *size, struct failure *failure);

/** Posts JSON and reads the answer (at most `capacity` bytes, ended by NUL); the status is the caller's to judge. */
bool http_post_json(struct http_client *client, const char *path, const wchar_t *headers, const char *json,
                    char *answer, size_t capacity, int *status, struct failure *failure);

/**
 * Fetches a body of exactly `size` bytes into a file; what an earlier attempt left there is kept and only the rest
 * fetched when the server can do that. A body that is longer is cut off and refused.
 */
bool http_get_file(struct http_client *client, const char *path, const wchar_t *file, uint64_t size,
                   const struct http_progress *progress, struct failure *failure);

/** Fails with the sentence that the server gave as its answer. */
bool http_refused(struct http_client *client, HINTERNET request, int status, struct failure *failure);

/** Plain words for what WinHTTP reported; `EXIT_UNTRUSTED_SERVER` for certificates, else `EXIT_NO_NETWORK`. */
bool http_fail(const struct http_client *client, DWORD error, struct failure *failure);

#endif
