#ifndef GURUCONNECT_TAR_READER_H
#define GURUCONNECT_TAR_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "failure.h"

#define TAR_NAME_MAX 200

/**
 * Where the files of an archive go. Each may end the reading by returning false with its failure told. `size` of
 * `open` is the size of the whole file; `close` follows once its last byte was written.
 */
struct tar_sink {
  void *context;
  bool (*open)(void *context, const char *name, uint64_t size, struct failure *failure);
  bool (*write)(void *context, const uint8_t *bytes, size_t size, struct failure *failure);
  bool (*close)(void *context, struct failure *failure);
};

/**
 * Reads a ustar archive as it comes in, in pieces of any size. It takes only what our packs hold: ordinary files with
 * harmless names (folders are implied and ignored). Everything else, above all names that would leave the folder,
 * ends the reading with EXIT_BAD_ARCHIVE before anything is written for it.
 */
struct tar_reader {
  struct tar_sink sink;
  uint64_t total_left;
  uint8_t header[512];
  size_t header_size;
  uint64_t file_left;
  size_t padding;
  bool is_open, has_ended;
  uint32_t files;
};

/** At most `total` bytes and `TAR_MAX_FILES` files are taken out. */
#define TAR_MAX_FILES 20000
void tar_begin(struct tar_reader *tar, const struct tar_sink *sink, uint64_t total);
bool tar_feed(struct tar_reader *tar, const uint8_t *bytes, size_t size, struct failure *failure);

/** After the last piece: whether the archive was whole. */
bool tar_finish(struct tar_reader *tar, struct failure *failure);

/** Whether a name from an archive may become a path below a folder of ours, on Windows. */
bool tar_name_is_safe(const char *name);

#endif
