#ifndef GURUCONNECT_CONFIG_H
#define GURUCONNECT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "failure.h"

#define CONFIG_MAX_SIZE 65536
#define P256_POINT_SIZE 64

/** What a deployment put into this program: where its server is and whose signature it believes. */
struct config {
  /** Scheme, host, port; no path. */
  char origin[512];
  bool is_secure;
  /** Without brackets for IPv6. */
  char host[256];
  uint16_t port;
  /** Signs manifests: X and Y of a P-256 key. */
  uint8_t release_key[P256_POINT_SIZE];
  char company[256];
  char version[40];
  /** PEM of an authority to trust as well; empty for none. */
  char ca[16384];
};

/** Reads the text of the resource `GCCONFIG`. */
bool config_parse(struct config *config, const char *text, size_t size, struct failure *failure);

/** Splits `https://host[:port]`; false for anything else (a path, a user name, spaces, `ftp:`). */
bool origin_parse(const char *origin, bool *is_secure, char *host, size_t capacity, uint16_t *port);

#endif
