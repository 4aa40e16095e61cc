#include <string.h>

#include "log.h"
#include "pack.h"
#include "text-windows.h"

/*
 * Beside each pack `<hash>` stands an empty file `<hash>.use` that its users hold open together; who can open it alone
 * knows that there are none. The system closes the handles of those that crash.
 */

static HANDLE open_mark(const wchar_t *packs, const wchar_t *hash, DWORD share, DWORD flags) {
  wchar_t name[SHA256_HEX_CAPACITY + 8], path[PATH_CAPACITY];
  if (!format_wide(name, SHA256_HEX_CAPACITY + 8, L"%ls.use", hash) || !path_join(path, packs, name)) {
    return INVALID_HANDLE_VALUE;
  }
  return CreateFileW(path, GENERIC_READ | DELETE, share, NULL, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL | flags, NULL);
}

HANDLE pack_use(const struct blob *blob, const wchar_t *packs) {
  wchar_t hash[SHA256_HEX_CAPACITY];
  struct failure ignored;
  if (!to_wide(blob->sha256, hash, SHA256_HEX_CAPACITY) || !make_folders(packs, &ignored)) {
    return INVALID_HANDLE_VALUE;
  }
  return open_mark(packs, hash, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, 0);
}

/** Of downloads that nobody went on with. */
#define ABANDONED_AFTER_DAYS 2

/** `<64 hex>` and, of unfinished unpacking, `<64 hex>.<process>.new`. */
static bool is_pack_name(const wchar_t *name) {
  size_t digits = wcsspn(name, L"0123456789abcdef");
  return digits == SHA256_HEX_CAPACITY - 1 && (name[digits] == L'\0' || wcsstr(name + digits, L".new"));
}

static void remove_unless_used(const wchar_t *packs, const wchar_t *name) {
  wchar_t hash[SHA256_HEX_CAPACITY], path[PATH_CAPACITY], gone[PATH_CAPACITY];
  wcsncpy(hash, name, SHA256_HEX_CAPACITY - 1);
  hash[SHA256_HEX_CAPACITY - 1] = L'\0';
  HANDLE alone = open_mark(packs, hash, 0, FILE_FLAG_DELETE_ON_CLOSE);
  if (alone == INVALID_HANDLE_VALUE) return;
  // Under another name first: what has the name of a pack is whole.
  if (path_join(path, packs, name) && format_wide(gone, PATH_CAPACITY, L"%ls.%lu.new", path, GetCurrentProcessId()) &&
      MoveFileExW(path, gone, 0) && !remove_tree(gone)) {
    log_line("a pack could not be removed whole");
  }
  CloseHandle(alone);
}

static bool ends_with(const wchar_t *name, const wchar_t *ending) {
  size_t length = wcslen(name), wanted = wcslen(ending);
  return length > wanted && wcscmp(name + length - wanted, ending) == 0;
}

static bool is_abandoned(const WIN32_FIND_DATAW *found) {
  FILETIME now;
  GetSystemTimeAsFileTime(&now);
  ULONGLONG written = (ULONGLONG)found->ftLastWriteTime.dwHighDateTime << 32 | found->ftLastWriteTime.dwLowDateTime;
  ULONGLONG age = ((ULONGLONG)now.dwHighDateTime << 32 | now.dwLowDateTime) - written;
  return ends_with(found->cFileName, L".part") && age / 10000000 > ABANDONED_AFTER_DAYS * 86400ull;
}

/** A mark that outlived its pack, or never had one. */
static void remove_mark(const wchar_t *packs, const wchar_t *name) {
  wchar_t hash[SHA256_HEX_CAPACITY];
  if (wcslen(name) != SHA256_HEX_CAPACITY - 1 + 4) return;
  wcsncpy(hash, name, SHA256_HEX_CAPACITY - 1);
  hash[SHA256_HEX_CAPACITY - 1] = L'\0';
  HANDLE alone = open_mark(packs, hash, 0, FILE_FLAG_DELETE_ON_CLOSE);
  if (alone != INVALID_HANDLE_VALUE) CloseHandle(alone);
}

void pack_remove_unused(const wchar_t *packs) {
  wchar_t pattern[PATH_CAPACITY];
  WIN32_FIND_DATAW found;
  if (!path_join(pattern, packs, L"*")) return;
  HANDLE search = FindFirstFileW(pattern, &found);
  if (search == INVALID_HANDLE_VALUE) return;
  do {
    if (is_pack_name(found.cFileName)) remove_unless_used(packs, found.cFileName);
    else if (ends_with(found.cFileName, L".use")) remove_mark(packs, found.cFileName);
    else if (is_abandoned(&found) && path_join(pattern, packs, found.cFileName)) DeleteFileW(pattern);
  } while (FindNextFileW(search, &found));
  FindClose(search);
}
