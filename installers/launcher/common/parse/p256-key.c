#include "p256-key.h"

#include <string.h>

/*
 * Keys of one curve in the two DER forms that exporters write have fixed prefixes; comparing them is exact, and leaves
 * no room for the mistakes of a general ASN.1 reader.
 */
static const uint8_t SPKI_PREFIX[] = {
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
    0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
};
static const uint8_t PKCS8_PREFIX[] = {
    0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
    0x03, 0x01, 0x07, 0x04, 0x6d, 0x30, 0x6b, 0x02, 0x01, 0x01, 0x04, 0x20,
};
/** Between the secret and the public half: `[1] { BIT STRING { 04 ...`. */
static const uint8_t PKCS8_MIDDLE[] = {0xa1, 0x44, 0x03, 0x42, 0x00, 0x04};

bool p256_public_key(const uint8_t *der, size_t size, uint8_t point[64]) {
  if (size != sizeof SPKI_PREFIX + 64 || memcmp(der, SPKI_PREFIX, sizeof SPKI_PREFIX) != 0) return false;
  memcpy(point, der + sizeof SPKI_PREFIX, 64);
  return true;
}

bool p256_private_key(const uint8_t *der, size_t size, uint8_t key[P256_PRIVATE_SIZE]) {
  const uint8_t *secret = der + sizeof PKCS8_PREFIX, *middle = secret + 32;
  if (size != sizeof PKCS8_PREFIX + 32 + sizeof PKCS8_MIDDLE + 64 ||
      memcmp(der, PKCS8_PREFIX, sizeof PKCS8_PREFIX) != 0 ||
      memcmp(middle, PKCS8_MIDDLE, sizeof PKCS8_MIDDLE) != 0) {
    return false;
  }
  memcpy(key, middle + sizeof PKCS8_MIDDLE, 64);
  memcpy(key + 64, secret, 32);
  return true;
}
