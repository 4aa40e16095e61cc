#ifndef GURUCONNECT_CRYPTO_H
#define GURUCONNECT_CRYPTO_H

#include <windows.h>

#include "../parse/manifest.h"
#include "../parse/p256-key.h"

#define SIGNATURE_SIZE 64

bool random_bytes(void *out, size_t size);
bool sha256(const void *bytes, size_t size, uint8_t hash[SHA256_SIZE]);

/** A hash over pieces: begin, any number of `add`, `end` (which also frees it, as `drop` does). */
struct sha256_stream {
  HMODULE library;
  void *algorithm, *hash;
};
bool sha256_begin(struct sha256_stream *stream);
bool sha256_add(struct sha256_stream *stream, const void *bytes, size_t size);
bool sha256_end(struct sha256_stream *stream, uint8_t hash[SHA256_SIZE]);
void sha256_drop(struct sha256_stream *stream);

/** Hash of a whole file, in hex. */
bool sha256_of_file(const wchar_t *path, char hex[SHA256_HEX_CAPACITY], uint64_t *size);

/** ECDSA P-256 over SHA-256; signatures are R and S in 64 bytes (IEEE P1363). */
bool p256_verify(const uint8_t point[64], const void *message, size_t size, const uint8_t signature[SIGNATURE_SIZE]);
bool p256_sign(const uint8_t secret[P256_PRIVATE_SIZE], const void *message, size_t size,
               uint8_t signature[SIGNATURE_SIZE]);

#endif
