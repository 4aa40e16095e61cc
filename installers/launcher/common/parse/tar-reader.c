#include "tar-reader.h"

#include <string.h>

enum { NAME = 0, NAME_SIZE = 100, SIZE = 124, SIZE_SIZE = 12, CHECKSUM = 148, CHECKSUM_SIZE = 8 };
enum { TYPE = 156, MAGIC = 257, PREFIX = 345, PREFIX_SIZE = 155 };

static bool bad(struct failure *failure) {
  return fail(failure, EXIT_BAD_ARCHIVE, "The program's archive is damaged.");
}

/** An octal field: digits, ended by a space or NUL. Larger numbers in other notations are not ours. */
static bool read_octal(const uint8_t *field, size_t size, uint64_t *value) {
  size_t at = 0;
  *value = 0;
  for (; at < size && field[at] >= '0' && field[at] <= '7'; at++) *value = *value * 8 + (uint64_t)(field[at] - '0');
  return at > 0 && (at == size || field[at] == ' ' || field[at] == '\0');
}

static bool has_right_checksum(const uint8_t header[512]) {
  uint64_t told, sum = 0;
  for (int i = 0; i < 512; i++) sum += i >= CHECKSUM && i < CHECKSUM + CHECKSUM_SIZE ? ' ' : header[i];
  return read_octal(header + CHECKSUM, CHECKSUM_SIZE, &told) && told == sum;
}

static size_t field_length(const uint8_t *field, size_t size) {
  const uint8_t *end = memchr(field, '\0', size);
  return end ? (size_t)(end - field) : size;
}

static void read_name(const uint8_t header[512], char name[NAME_SIZE + PREFIX_SIZE + 2]) {
  size_t prefix = field_length(header + PREFIX, PREFIX_SIZE), at = 0;
  if (prefix > 0) {
    memcpy(name, header + PREFIX, prefix);
    name[prefix] = '/';
    at = prefix + 1;
  }
  size_t length = field_length(header + NAME, NAME_SIZE);
  memcpy(name + at, header + NAME, length);
  name[at + length] = '\0';
}

static bool close_file(struct tar_reader *tar, struct failure *failure) {
  if (!tar->is_open) return true;
  tar->is_open = false;
  tar->files++;
  return tar->sink.close(tar->sink.context, failure);
}

static bool is_zero(const uint8_t header[512]) {
  for (int i = 0; i < 512; i++) {
    if (header[i] != 0) return false;
  }
  return true;
}

static bool begin_entry(struct tar_reader *tar, struct failure *failure) {
  char name[NAME_SIZE + PREFIX_SIZE + 2];
  uint64_t size;
  const uint8_t *header = tar->header;
  if (is_zero(header)) {
    tar->has_ended = true;
    return true;
  }
  if (tar->has_ended || memcmp(header + MAGIC, "ustar\0" "00", 8) != 0 || !has_right_checksum(header) ||
      !read_octal(header + SIZE, SIZE_SIZE, &size)) {
    return bad(failure);
  }
  read_name(header, name);
  bool is_folder = header[TYPE] == '5';
  size_t length = strlen(name);
  if (is_folder && length > 1 && name[length - 1] == '/') name[length - 1] = '\0';
  if ((!is_folder && header[TYPE] != '0') || !tar_name_is_safe(name)) {
    return fail(failure, EXIT_BAD_ARCHIVE, "The program's archive holds a name that is not allowed.");
  }
  if (is_folder) return size == 0 || bad(failure);
  if (size > tar->total_left || tar->files >= TAR_MAX_FILES) {
    return fail(failure, EXIT_BAD_ARCHIVE, "The program's archive is larger than it may be.");
  }
  tar->total_left -= size;
  tar->file_left = size;
  tar->padding = (512 - size % 512) % 512;
  tar->is_open = true;
  if (!tar->sink.open(tar->sink.context, name, size, failure)) return false;
  return size > 0 || close_file(tar, failure);
}

void tar_begin(struct tar_reader *tar, const struct tar_sink *sink, uint64_t total) {
  memset(tar, 0, sizeof *tar);
  tar->sink = *sink;
  tar->total_left = total;
}

/** Takes what it can from the piece's start; tells how much that was. */
static bool feed_some(struct tar_reader *tar, const uint8_t *bytes, size_t size, size_t *taken,
                      struct failure *failure) {
  if (tar->file_left > 0) {
    *taken = size < tar->file_left ? size : (size_t)tar->file_left;
    tar->file_left -= *taken;
    if (!tar->sink.write(tar->sink.context, bytes, *taken, failure)) return false;
    return tar->file_left > 0 || close_file(tar, failure);
  }
  if (tar->padding > 0) {
    *taken = size < tar->padding ? size : tar->padding;
    tar->padding -= *taken;
    return true;
  }
  *taken = sizeof tar->header - tar->header_size;
  if (*taken > size) *taken = size;
  memcpy(tar->header + tar->header_size, bytes, *taken);
  tar->header_size += *taken;
  if (tar->header_size < sizeof tar->header) return true;
  tar->header_size = 0;
  return begin_entry(tar, failure);
}

bool tar_feed(struct tar_reader *tar, const uint8_t *bytes, size_t size, struct failure *failure) {
  while (size > 0) {
    size_t taken = 0;
    if (!feed_some(tar, bytes, size, &taken, failure)) return false;
    bytes += taken;
    size -= taken;
  }
  return true;
}

bool tar_finish(struct tar_reader *tar, struct failure *failure) {
  bool whole = tar->has_ended && tar->file_left == 0 && tar->padding == 0 && tar->header_size == 0;
  return whole || bad(failure);
}
