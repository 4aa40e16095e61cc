#ifndef GURUCONNECT_P256_KEY_H
#define GURUCONNECT_P256_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define P256_PRIVATE_SIZE 96

/** X and Y (64 bytes) of a P-256 public key in SPKI (DER), as Node exports it. False for every other key. */
bool p256_public_key(const uint8_t *der, size_t size, uint8_t point[64]);

/**
 * X, Y and the secret (96 bytes, the order that BCrypt wants) of a P-256 private key in PKCS#8 (DER) that carries its
 * public half, as Node and OpenSSL export it. False for every other key.
 */
bool p256_private_key(const uint8_t *der, size_t size, uint8_t key[P256_PRIVATE_SIZE]);

#endif
