#ifndef GURUCONNECT_XZ_READER_H
#define GURUCONNECT_XZ_READER_H

#include <stddef.h>
#include <stdint.h>

#include "../parse/failure.h"

/** Takes what was unpacked, piece by piece; false (with its failure told) ends the unpacking. */
typedef bool (*xz_sink)(void *context, const uint8_t *bytes, size_t size, struct failure *failure);

/** Unpacks .xz data (one stream or several in a row) as it comes in, within a bounded amount of memory. */
struct xz_reader;

/** NULL when there is not enough memory. */
struct xz_reader *xz_open(xz_sink sink, void *context, struct failure *failure);
bool xz_feed(struct xz_reader *reader, const uint8_t *bytes, size_t size, struct failure *failure);

/** After the last piece: whether all of it was there. */
bool xz_finish(struct xz_reader *reader, struct failure *failure);
void xz_close(struct xz_reader *reader);

#endif
