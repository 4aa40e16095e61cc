#include "resources.h"

#include <windows.h>

const uint8_t *resource_bytes(const wchar_t *name, size_t *size) {
  *size = 0;
  HRSRC found = FindResourceW(NULL, name, (LPCWSTR)RT_RCDATA);
  HGLOBAL loaded = found ? LoadResource(NULL, found) : NULL;
  const uint8_t *bytes = loaded ? LockResource(loaded) : NULL;
  if (bytes) *size = SizeofResource(NULL, found);
  return bytes;
}

bool config_from_resources(struct config *config, struct failure *failure) {
  size_t size;
  const uint8_t *text = resource_bytes(L"GCCONFIG", &size);
  if (text) return config_parse(config, (const char *)text, size, failure);
  return fail(failure, EXIT_NOT_CONFIGURED, "This program was not made by a GuruConnect server.");
}
