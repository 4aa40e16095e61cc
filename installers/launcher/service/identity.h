#ifndef GURUCONNECT_IDENTITY_H
#define GURUCONNECT_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../common/parse/p256-key.h"

enum { IDENTITY_MAX_SIZE = 32768 };

/** Who this computer is to its server: what the service needs of the agent's `identity.json`. */
struct identity {
  char machine_id[37];
  /** The server that it is enrolled with. */
  char origin[512];
  uint8_t key[P256_PRIVATE_SIZE];
  char company[256];
  /** What people call this machine; empty when it was never named. */
  char name[256];
  uint32_t check_in_seconds;
};

/** Reads the text of `identity.json`; false when it is damaged. */
bool identity_parse(struct identity *identity, const char *text, size_t size);

#endif
