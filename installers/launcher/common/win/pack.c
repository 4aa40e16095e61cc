#include "pack.h"

#include <stdlib.h>
#include <string.h>

#include "../parse/encoding.h"
#include "../parse/tar-reader.h"
#include "crypto.h"
#include "log.h"
#include "text-windows.h"
#include "xz-reader.h"

/** Node alone has 90 MB; an archive that grows beyond this was not made by us. */
#define UNPACKED_LIMIT (600ull << 20)

struct unpacking {
  wchar_t folder[PATH_CAPACITY];
  HANDLE file;
  struct tar_reader tar;
  struct xz_reader *xz;
  uint64_t fed, size;
  const struct http_progress *progress;
  volatile LONG *cancelled;
};

static bool open_file(void *context, const char *name, uint64_t size, struct failure *failure) {
  struct unpacking *unpacking = context;
  wchar_t wide[TAR_NAME_MAX + 2], path[PATH_CAPACITY], above[PATH_CAPACITY];
  (void)size;
  bool ok = to_wide(name, wide, TAR_NAME_MAX + 2);
  for (wchar_t *c = wide; *c; c++) {
    if (*c == L'/') *c = L'\\';
  }
  ok = ok && path_join(path, unpacking->folder, wide) && path_folder(above, path);
  if (!ok) return fail(failure, EXIT_BAD_ARCHIVE, "The program's archive holds a name that is too long.");
  if (!make_folders(above, failure)) return false;
  // New files only: an archive that has a name twice was not made by us.
  unpacking->file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
  if (unpacking->file != INVALID_HANDLE_VALUE) return true;
  return fail(failure, EXIT_DISK, "A file of the program could not be made (error %lu).", GetLastError());
}

static bool write_some(void *context, const uint8_t *bytes, size_t size, struct failure *failure) {
  struct unpacking *unpacking = context;
  DWORD written = 0;
  if (WriteFile(unpacking->file, bytes, (DWORD)size, &written, NULL) && written == size) return true;
  return fail(failure, EXIT_DISK, "A file of the program could not be written (error %lu). Is the disk full?",
              GetLastError());
}

static bool close_file(void *context, struct failure *failure) {
  struct unpacking *unpacking = context;
  (void)failure;
  CloseHandle(unpacking->file);
  unpacking->file = INVALID_HANDLE_VALUE;
  return true;
}

static bool on_unpacked(void *context, const uint8_t *bytes, size_t size, struct failure *failure) {
  struct unpacking *unpacking = context;
  return tar_feed(&unpacking->tar, bytes, size, failure);
}

static bool feed(struct unpacking *unpacking, const uint8_t *bytes, size_t size, struct failure *failure) {
  // Small pieces, so that progress and cancelling come through.
  for (size_t at = 0; at < size;) {
    size_t piece = size - at < 65536 ? size - at : 65536;
    if (unpacking->cancelled && *unpacking->cancelled) return fail(failure, EXIT_CANCELLED, "Cancelled.");
    if (!xz_feed(unpacking->xz, bytes + at, piece, failure)) return false;
    at += piece;
    unpacking->fed += piece;
    const struct http_progress *progress = unpacking->progress;
    if (progress) progress->report(progress->context, unpacking->fed, unpacking->size);
  }
  return true;
}

static bool feed_file(struct unpacking *unpacking, const wchar_t *path, struct failure *failure) {
  uint8_t *buffer = malloc(65536);
  DWORD got = 0;
  HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
  bool ok = buffer && file != INVALID_HANDLE_VALUE;
  if (!ok) fail(failure, EXIT_DISK, "The downloaded file cannot be read (error %lu).", GetLastError());
  while (ok && ReadFile(file, buffer, 65536, &got, NULL) && got > 0) ok = feed(unpacking, buffer, got, failure);
  if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
  free(buffer);
  return ok;
}

static bool is_genuine(const struct pack_source *source, const struct blob *blob, struct failure *failure) {
  uint8_t hash[SHA256_SIZE];
  char hex[SHA256_HEX_CAPACITY] = "";
  uint64_t size = source->size;
  bool ok = true;
  if (source->bytes) {
    ok = size == blob->size && sha256(source->bytes, source->size, hash);
    if (ok) hex_encode(hash, sizeof hash, hex);
  } else {
    ok = sha256_of_file(source->file, hex, &size);
  }
  if (ok && size == blob->size && strcmp(hex, blob->sha256) == 0) return true;
  return fail(failure, EXIT_ALTERED_PACK,
              "This program was altered after it was made, so it does not start. Download it again.");
}

static bool unpack_into(struct unpacking *unpacking, const struct pack_source *source, struct failure *failure) {
  struct tar_sink sink = {.context = unpacking, .open = open_file, .write = write_some, .close = close_file};
  tar_begin(&unpacking->tar, &sink, UNPACKED_LIMIT);
  unpacking->xz = xz_open(on_unpacked, unpacking, failure);
  bool ok = unpacking->xz && make_folders(unpacking->folder, failure) &&
            (source->bytes ? feed(unpacking, source->bytes, source->size, failure)
                           : feed_file(unpacking, source->file, failure)) &&
            xz_finish(unpacking->xz, failure) && tar_finish(&unpacking->tar, failure);
  xz_close(unpacking->xz);
  if (unpacking->file != INVALID_HANDLE_VALUE) CloseHandle(unpacking->file);
  return ok;
}

bool pack_folder(const struct blob *blob, const wchar_t *packs, wchar_t folder[PATH_CAPACITY]) {
  wchar_t name[SHA256_HEX_CAPACITY];
  return to_wide(blob->sha256, name, SHA256_HEX_CAPACITY) && path_join(folder, packs, name) && path_exists(folder);
}

bool pack_unpack(const struct pack_source *source, const struct blob *blob, const wchar_t *packs,
                 wchar_t folder[PATH_CAPACITY], const struct http_progress *progress, volatile LONG *cancelled,
                 struct failure *failure) {
  if (pack_folder(blob, packs, folder)) return true;
  if (!make_folders(packs, failure) || !is_genuine(source, blob, failure)) return false;
  struct unpacking *unpacking = calloc(1, sizeof *unpacking);
  if (!unpacking) return fail(failure, EXIT_UNEXPECTED, "There is not enough memory.");
  unpacking->file = INVALID_HANDLE_VALUE;
  unpacking->size = blob->size;
  unpacking->progress = progress;
  unpacking->cancelled = cancelled;
  bool ok = format_wide(unpacking->folder, PATH_CAPACITY, L"%ls.%lu.new", folder, GetCurrentProcessId()) ||
            fail(failure, EXIT_DISK, "A path is too long.");
  if (ok) {
    remove_tree(unpacking->folder);
    ok = unpack_into(unpacking, source, failure);
    // Another process may have unpacked the same meanwhile; its folder is as good as ours.
    if (ok && !MoveFileExW(unpacking->folder, folder, 0) && !path_exists(folder)) {
      ok = fail(failure, EXIT_DISK, "The program's files could not be put in place (error %lu).", GetLastError());
    }
    remove_tree(unpacking->folder);
  }
  log_line("unpacked %lu files of %s: %s", (unsigned long)unpacking->tar.files, blob->sha256,
           ok ? "whole" : failure->text);
  free(unpacking);
  return ok;
}
