#include "release.h"

#include <stdio.h>
#include <string.h>

#include "log.h"
#include "paths.h"
#include "resources.h"

bool manifest_verify(const struct config *config, const void *text, size_t size, const void *signature,
                     size_t signature_size, struct manifest *manifest, struct failure *failure) {
  static const char context[] = "guruconnect-manifest\n";
  uint8_t signed_text[sizeof context - 1 + MANIFEST_MAX_SIZE];
  bool ok = size <= MANIFEST_MAX_SIZE && signature_size == SIGNATURE_SIZE;
  if (ok) {
    memcpy(signed_text, context, sizeof context - 1);
    memcpy(signed_text + sizeof context - 1, text, size);
    ok = p256_verify(config->release_key, signed_text, sizeof context - 1 + size, signature);
  }
  if (!ok) {
    return fail(failure, EXIT_BAD_SIGNATURE,
                "The signature of this program's parts is wrong. Download it again, and tell your support if it "
                "stays so.");
  }
  return manifest_parse(manifest, text, size, failure);
}

bool manifest_from_resources(const struct config *config, struct manifest *manifest, struct failure *failure) {
  size_t size, signature_size;
  const uint8_t *text = resource_bytes(L"GCMANIFEST", &size);
  const uint8_t *signature = resource_bytes(L"GCSIGNATURE", &signature_size);
  if (!text || !signature) {
    return fail(failure, EXIT_NOT_CONFIGURED, "The list of this program's parts is missing.");
  }
  return manifest_verify(config, text, size, signature, signature_size, manifest, failure);
}

bool manifest_fetch(struct http_client *client, const char *sha256_hex, struct manifest *manifest,
                    char text[MANIFEST_MAX_SIZE], size_t *size, uint8_t signature[SIGNATURE_SIZE],
                    struct failure *failure) {
  char path[256];
  size_t signature_size;
  const char *slash = sha256_hex ? "/" : "";
  if (!sha256_hex) sha256_hex = "";
  snprintf(path, sizeof path, "/download/release/win32-x64%s%s/manifest.json", slash, sha256_hex);
  if (!http_get(client, path, NULL, text, MANIFEST_MAX_SIZE, size, failure)) return false;
  snprintf(path, sizeof path, "/download/release/win32-x64%s%s/manifest.sig", slash, sha256_hex);
  if (!http_get(client, path, NULL, signature, SIGNATURE_SIZE, &signature_size, failure)) return false;
  return manifest_verify(client->config, text, *size, signature, signature_size, manifest, failure);
}

static bool is_blob(const wchar_t *file, const struct blob *blob) {
  char hex[SHA256_HEX_CAPACITY];
  uint64_t size;
  return sha256_of_file(file, hex, &size) && size == blob->size && strcmp(hex, blob->sha256) == 0;
}

bool blob_fetch(struct http_client *client, const struct blob *blob, const wchar_t *file,
                const struct http_progress *progress, struct failure *failure) {
  char path[160];
  wchar_t part[PATH_CAPACITY];
  if (path_exists(file) && is_blob(file, blob)) return true;
  if (wcslen(file) + 6 > PATH_CAPACITY) return fail(failure, EXIT_DISK, "A path is too long.");
  wcscpy(part, file);
  wcscat(part, L".part");
  snprintf(path, sizeof path, "/download/release/blob/%s", blob->sha256);
  if (!http_get_file(client, path, part, blob->size, progress, failure)) return false;
  if (!is_blob(part, blob)) {
    DeleteFileW(part);
    return fail(failure, EXIT_ALTERED_PACK, "What was downloaded was altered on the way, so it is not used.");
  }
  if (MoveFileExW(part, file, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) return true;
  return fail(failure, EXIT_DISK, "A downloaded file could not be put in its place (error %lu).", GetLastError());
}
