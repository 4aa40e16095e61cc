#ifndef GURUCONNECT_MANIFEST_H
#define GURUCONNECT_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "failure.h"

#define MANIFEST_MAX_SIZE 4096
#define SHA256_SIZE 32
#define SHA256_HEX_CAPACITY (SHA256_SIZE * 2 + 1)

/** Something that is fetched or carried by the hash of its bytes. */
struct blob {
  /** False where a manifest says null: it cannot name the program that it stands in. */
  bool is_named;
  char sha256[SHA256_HEX_CAPACITY];
  uint64_t size;
};

/** What one version consists of. Believe it only after its signature (win/release.h). */
struct manifest {
  char version[40];
  struct blob pack, service, ui;
};

bool manifest_parse(struct manifest *manifest, const char *text, size_t size, struct failure *failure);

#endif
