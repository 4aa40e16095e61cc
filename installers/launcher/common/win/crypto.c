#include "crypto.h"

#include <bcrypt.h>
#include <stdlib.h>
#include <string.h>

#include "../parse/encoding.h"

/**
 * bcrypt is there only while something is computed: a service that idles for weeks would keep megabytes for nothing.
 * `CALL_IN` finds one of its functions, with the type that its header gives it.
 */
#define CALL_IN(library, name) ((__typeof__(&name))(void *)GetProcAddress(library, #name))

static HMODULE load_library(void) {
  return LoadLibraryExW(L"bcrypt.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
}

/* RtlGenRandom by its real name; in advapi32, which is there anyway. */
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);

bool random_bytes(void *out, size_t size) { return SystemFunction036(out, (ULONG)size); }

bool sha256_begin(struct sha256_stream *stream) {
  BCRYPT_ALG_HANDLE algorithm = NULL;
  BCRYPT_HASH_HANDLE hash = NULL;
  HMODULE library = load_library();
  *stream = (struct sha256_stream){.library = library};
  if (!library) return false;
  bool ok = BCRYPT_SUCCESS(CALL_IN(library, BCryptOpenAlgorithmProvider)(&algorithm, BCRYPT_SHA256_ALGORITHM, NULL, 0));
  stream->algorithm = algorithm;
  ok = ok && BCRYPT_SUCCESS(CALL_IN(library, BCryptCreateHash)(algorithm, &hash, NULL, 0, NULL, 0, 0));
  stream->hash = hash;
  return ok || (sha256_drop(stream), false);
}

bool sha256_add(struct sha256_stream *stream, const void *bytes, size_t size) {
  const uint8_t *at = bytes;
  // The length of one call is 32 bits wide.
  while (size > 0) {
    ULONG piece = size > (1u << 30) ? 1u << 30 : (ULONG)size;
    if (!BCRYPT_SUCCESS(CALL_IN(stream->library, BCryptHashData)(stream->hash, (PUCHAR)at, piece, 0))) return false;
    at += piece;
    size -= piece;
  }
  return true;
}

bool sha256_end(struct sha256_stream *stream, uint8_t hash[SHA256_SIZE]) {
  bool ok = BCRYPT_SUCCESS(CALL_IN(stream->library, BCryptFinishHash)(stream->hash, hash, SHA256_SIZE, 0));
  sha256_drop(stream);
  return ok;
}

void sha256_drop(struct sha256_stream *stream) {
  HMODULE library = stream->library;
  if (stream->hash) CALL_IN(library, BCryptDestroyHash)(stream->hash);
  if (stream->algorithm) CALL_IN(library, BCryptCloseAlgorithmProvider)(stream->algorithm, 0);
  if (library) FreeLibrary(library);
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

/** A key of P-256 and what it needs to be used. */
struct p256 {
  HMODULE library;
  BCRYPT_ALG_HANDLE algorithm;
  BCRYPT_KEY_HANDLE key;
};

static void close_key(struct p256 *p256) {
  if (p256->key) CALL_IN(p256->library, BCryptDestroyKey)(p256->key);
  if (p256->algorithm) CALL_IN(p256->library, BCryptCloseAlgorithmProvider)(p256->algorithm, 0);
  if (p256->library) FreeLibrary(p256->library);
}

/** Takes its bare numbers; `kind` says whether the secret follows X and Y. */
static bool open_key(struct p256 *p256, ULONG kind, const uint8_t *numbers, ULONG size) {
  uint8_t blob[sizeof(BCRYPT_ECCKEY_BLOB) + P256_PRIVATE_SIZE];
  BCRYPT_ECCKEY_BLOB head = {.dwMagic = kind, .cbKey = 32};
  const wchar_t *format = kind == BCRYPT_ECDSA_PRIVATE_P256_MAGIC ? BCRYPT_ECCPRIVATE_BLOB : BCRYPT_ECCPUBLIC_BLOB;
  memcpy(blob, &head, sizeof head);
  memcpy(blob + sizeof head, numbers, size);
  HMODULE library = load_library();
  *p256 = (struct p256){.library = library};
  bool ok = library &&
            BCRYPT_SUCCESS(CALL_IN(library, BCryptOpenAlgorithmProvider)(&p256->algorithm, BCRYPT_ECDSA_P256_ALGORITHM,
                                                                    NULL, 0)) &&
            BCRYPT_SUCCESS(CALL_IN(library, BCryptImportKeyPair)(p256->algorithm, NULL, format, &p256->key, blob,
                                                            (ULONG)sizeof head + size, 0));
  SecureZeroMemory(blob, sizeof blob);
  if (!ok) close_key(p256);
  return ok;
}

bool p256_verify(const uint8_t point[64], const void *message, size_t size,
                 const uint8_t signature[SIGNATURE_SIZE]) {
  struct p256 p256;
  uint8_t hash[SHA256_SIZE];
  if (!sha256(message, size, hash) || !open_key(&p256, BCRYPT_ECDSA_PUBLIC_P256_MAGIC, point, 64)) return false;
  NTSTATUS status = CALL_IN(p256.library, BCryptVerifySignature)(p256.key, NULL, hash, sizeof hash, (PUCHAR)signature,
                                                            SIGNATURE_SIZE, 0);
  close_key(&p256);
  return status == 0;
}

bool p256_sign(const uint8_t secret[P256_PRIVATE_SIZE], const void *message, size_t size,
               uint8_t signature[SIGNATURE_SIZE]) {
  struct p256 p256;
  uint8_t hash[SHA256_SIZE];
  ULONG made = 0;
  if (!sha256(message, size, hash) ||
      !open_key(&p256, BCRYPT_ECDSA_PRIVATE_P256_MAGIC, secret, P256_PRIVATE_SIZE)) {
    return false;
  }
  NTSTATUS status = CALL_IN(p256.library, BCryptSignHash)(p256.key, NULL, hash, sizeof hash, signature, SIGNATURE_SIZE,
                                                     &made, 0);
  close_key(&p256);
  return status == 0 && made == SIGNATURE_SIZE;
}
