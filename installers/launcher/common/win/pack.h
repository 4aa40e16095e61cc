#ifndef GURUCONNECT_PACK_H
#define GURUCONNECT_PACK_H

#include <windows.h>

#include "../parse/manifest.h"
#include "http.h"
#include "paths.h"

/** Where the packed bytes are: in memory (a resource), or else in a file. */
struct pack_source {
  const uint8_t *bytes;
  size_t size;
  const wchar_t *file;
};

/**
 * The folder of a pack below `packs`, named by its hash: unpacked now unless it is there already. Size and hash are
 * verified before the first byte is unpacked, and the folder gets its name only when all of it is written, so what is
 * there is whole. `cancelled` may be NULL.
 */
bool pack_unpack(const struct pack_source *source, const struct blob *blob, const wchar_t *packs,
                 wchar_t folder[PATH_CAPACITY], const struct http_progress *progress, volatile LONG *cancelled,
                 struct failure *failure);

/** Where `pack_unpack` puts it, and whether it is there. */
bool pack_folder(const struct blob *blob, const wchar_t *packs, wchar_t folder[PATH_CAPACITY]);

/**
 * Says that this process uses a pack, until the handle is closed: `pack_remove_unused` leaves it alone. May be
 * called before the pack is there; INVALID_HANDLE_VALUE when that cannot be noted.
 */
HANDLE pack_use(const struct blob *blob, const wchar_t *packs);

/** Removes all packs below `packs` that nobody uses, and what unfinished unpacking left. */
void pack_remove_unused(const wchar_t *packs);

#endif
