#include "crypto.h"

#include <bcrypt.h>
#include <stdlib.h>
#include <string.h>

#include "../parse/encoding.h"

bool random_bytes(void *out, size_t size) {
  return BCRYPT_SUCCESS(BCryptGenRandom(NULL, out, (ULONG)size, BCRYPT_USE_SYSTEM_PREFERRED_RNG));
}

bool sha256_begin(struct sha256_stream *stream) {
  BCRYPT_ALG_HANDLE algorithm = NULL;
  BCRYPT_HASH_HANDLE hash = NULL;
  *stream = (struct sha256_stream){0};
  if (!BCRYPT_SUCCESS(BCryptOpenAlgorithmProvider(&algorithm, BCRYPT_SHA256_ALGORITHM, NULL, 0))) return false;
  stream->algorithm = algorithm;
  if (!BCRYPT_SUCCESS(BCryptCreateHash(algorithm, &hash, NULL, 0, NULL, 0, 0))) return sha256_drop(stream), false;
  stream->hash = hash;
  return true;
}

bool sha256_add(struct sha256_stream *stream, const void *bytes, size_t size) {
  const uint8_t *at = bytes;
  // The length of one call is 32 bits wide.
  while (size > 0) {
    ULONG piece = size > (1u << 30) ? 1u << 30 : (ULONG)size;
    if (!BCRYPT_SUCCESS(BCryptHashData(stream->hash, (PUCHAR)at, piece, 0))) return false;
    at += piece;
    size -= piece;
  }
  return true;
}

bool sha256_end(struct sha256_stream *stream, uint8_t hash[SHA256_SIZE]) {
  bool ok = BCRYPT_SUCCESS(BCryptFinishHash(stream->hash, hash, SHA256_SIZE, 0));
  sha256_drop(stream);
  return ok;
}

void sha256_drop(struct sha256_stream *stream) {
  if (stream->hash) BCryptDestroyHash(stream->hash);
  if (stream->algorithm) BCryptCloseAlgorithmProvider(stream->algorithm, 0);
  *stream = (struct sha256_stream){0};
}

bool sha256(const void *bytes, size_t size, uint8_t hash[SHA256_SIZE]) {
  struct sha256_stream stream;
  if (!sha256_begin(&stream)) return false;
  if (!sha256_add(&stream, bytes, size)) return sha256_drop(&stream), false;
  return sha256_end(&stream, hash);
}

bool sha256_of_file(const wchar_t *path, char hex[SHA256_HEX_CAPACITY], uint64_t *size) {
  struct sha256_stream stream;
  uint8_t hash[SHA256_SIZE], *buffer = malloc(65536);
  DWORD got = 0;
  *size = 0;
  HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                            FILE_FLAG_SEQUENTIAL_SCAN, NULL);
  bool ok = buffer && file != INVALID_HANDLE_VALUE && sha256_begin(&stream);
  if (ok) {
    while ((ok = ReadFile(file, buffer, 65536, &got, NULL)) && got > 0 && (ok = sha256_add(&stream, buffer, got))) {
      *size += got;
    }
    if (ok) ok = sha256_end(&stream, hash);
    else sha256_drop(&stream);
  }
  if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
  free(buffer);
  if (ok) hex_encode(hash, SHA256_SIZE, hex);
  return ok;
}

/** A key of P-256 from its bare numbers; `kind` says whether the secret follows X and Y. */
static bool import_key(ULONG kind, const uint8_t *numbers, ULONG size, BCRYPT_ALG_HANDLE *algorithm,
                       BCRYPT_KEY_HANDLE *key) {
  uint8_t blob[sizeof(BCRYPT_ECCKEY_BLOB) + P256_PRIVATE_SIZE];
  BCRYPT_ECCKEY_BLOB head = {.dwMagic = kind, .cbKey = 32};
  bool is_private = kind == BCRYPT_ECDSA_PRIVATE_P256_MAGIC;
  memcpy(blob, &head, sizeof head);
  memcpy(blob + sizeof head, numbers, size);
  *key = NULL;
  if (!BCRYPT_SUCCESS(BCryptOpenAlgorithmProvider(algorithm, BCRYPT_ECDSA_P256_ALGORITHM, NULL, 0))) return false;
  bool ok = BCRYPT_SUCCESS(BCryptImportKeyPair(*algorithm, NULL,
                                               is_private ? BCRYPT_ECCPRIVATE_BLOB : BCRYPT_ECCPUBLIC_BLOB, key, blob,
                                               (ULONG)sizeof head + size, 0));
  SecureZeroMemory(blob, sizeof blob);
  if (!ok) BCryptCloseAlgorithmProvider(*algorithm, 0);
  return ok;
}

bool p256_verify(const uint8_t point[64], const void *message, size_t size,
                 const uint8_t signature[SIGNATURE_SIZE]) {
  BCRYPT_ALG_HANDLE algorithm;
  BCRYPT_KEY_HANDLE key;
  uint8_t hash[SHA256_SIZE];
  if (!sha256(message, size, hash)) return false;
  if (!import_key(BCRYPT_ECDSA_PUBLIC_P256_MAGIC, point, 64, &algorithm, &key)) return false;
  NTSTATUS status = BCryptVerifySignature(key, NULL, hash, sizeof hash, (PUCHAR)signature, SIGNATURE_SIZE, 0);
  BCryptDestroyKey(key);
  BCryptCloseAlgorithmProvider(algorithm, 0);
  return status == 0;
}

bool p256_sign(const uint8_t secret[P256_PRIVATE_SIZE], const void *message, size_t size,
               uint8_t signature[SIGNATURE_SIZE]) {
  BCRYPT_ALG_HANDLE algorithm;
  BCRYPT_KEY_HANDLE key;
  uint8_t hash[SHA256_SIZE];
  ULONG made = 0;
  if (!sha256(message, size, hash)) return false;
  if (!import_key(BCRYPT_ECDSA_PRIVATE_P256_MAGIC, secret, P256_PRIVATE_SIZE, &algorithm, &key)) return false;
  NTSTATUS status = BCryptSignHash(key, NULL, hash, sizeof hash, signature, SIGNATURE_SIZE, &made, 0);
  BCryptDestroyKey(key);
  BCryptCloseAlgorithmProvider(algorithm, 0);
  return status == 0 && made == SIGNATURE_SIZE;
}
