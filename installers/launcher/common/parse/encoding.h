#ifndef GURUCONNECT_ENCODING_H
#define GURUCONNECT_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Lower-case hex of `size` bytes into `2 * size + 1` characters. */
void hex_encode(const uint8_t *bytes, size_t size, char *out);

/** Exactly `size` bytes from lower-case hex; false for anything else. */
bool hex_decode(const char *text, uint8_t *out, size_t size);

/** Characters that base64url (no padding) of `size` bytes takes, the NUL included. */
#define BASE64URL_CAPACITY(size) (((size) * 4 + 2) / 3 + 1)
void base64url_encode(const uint8_t *bytes, size_t size, char *out);

/**
 * Decodes base64url or plain base64, padded or not; white space is skipped, so that the middle of a PEM file will do.
 * False for other characters, a length that cannot be, or more than `capacity` bytes.
 */
bool base64_decode(const char *text, size_t length, uint8_t *out, size_t capacity, size_t *size);

#endif
