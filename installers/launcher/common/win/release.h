#ifndef GURUCONNECT_RELEASE_H
#define GURUCONNECT_RELEASE_H

#include "../parse/config.h"
#include "../parse/manifest.h"
#include "crypto.h"
#include "http.h"

/** Checks the signature over the manifest's bytes first, then reads it. */
bool manifest_verify(const struct config *config, const void *text, size_t size, const void *signature,
                     size_t signature_size, struct manifest *manifest, struct failure *failure);

/** The manifest inside this program. */
bool manifest_from_resources(const struct config *config, struct manifest *manifest, struct failure *failure);

/**
 * Fetches and verifies a manifest of the server: the newest, or the one with this hash (hex). `text` gets its exact
 * bytes and `signature` its 64, to be kept with what it names.
 */
bool manifest_fetch(struct http_client *client, const char *sha256_hex, struct manifest *manifest,
                    char text[MANIFEST_MAX_SIZE], size_t *size, uint8_t signature[SIGNATURE_SIZE],
                    struct failure *failure);

/**
 * Fetches what a manifest names into a file, going on where an earlier attempt stopped, and verifies size and hash
 * before the file gets its name. A file of that name with the right bytes is kept as it is.
 */
bool blob_fetch(struct http_client *client, const struct blob *blob, const wchar_t *file,
                const struct http_progress *progress, struct failure *failure);

#endif
