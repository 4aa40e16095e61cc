#include "../../common/parse/tar-reader.h"
#include "check.h"

struct taken {
  char names[4096];
  size_t bytes;
  int open;
};

static bool on_open(void *context, const char *name, uint64_t size, struct failure *failure) {
  struct taken *taken = context;
  (void)size;
  (void)failure;
  strcat(strcat(taken->names, name), " ");
  taken->open++;
  return true;
}

static bool on_write(void *context, const uint8_t *bytes, size_t size, struct failure *failure) {
  struct taken *taken = context;
  (void)bytes;
  (void)failure;
  taken->bytes += size;
  return taken->open == 1;
}

static bool on_close(void *context, struct failure *failure) {
  struct taken *taken = context;
  (void)failure;
  taken->open--;
  return true;
}

static void set_checksum(uint8_t *header) {
  unsigned sum = 0;
  memset(header + 148, ' ', 8);
  for (int i = 0; i < 512; i++) sum += header[i];
  snprintf((char *)header + 148, 8, "%06o", sum);
}

/** Appends an entry with content of this size and returns where the next begins. */
static size_t add(uint8_t *tar, size_t at, const char *name, char type, unsigned size) {
  uint8_t *header = tar + at;
  memset(header, 0, 512);
  memcpy(header, name, strlen(name) < 100 ? strlen(name) : 100);
  snprintf((char *)header + 124, 12, "%011o", size);
  header[156] = (uint8_t)type;
  memcpy(header + 257, "ustar\0" "00", 8);
  set_checksum(header);
  memset(tar + at + 512, 'x', (size + 511) / 512 * 512);
  return at + 512 + (size + 511) / 512 * 512;
}

static int reads(const uint8_t *tar, size_t size, size_t piece, uint64_t limit, struct taken *taken,
                 struct failure *failure) {
  struct tar_reader reader;
  struct tar_sink sink = {taken, on_open, on_write, on_close};
  memset(taken, 0, sizeof *taken);
  tar_begin(&reader, &sink, limit);
  for (size_t at = 0; at < size; at += piece) {
    if (!tar_feed(&reader, tar + at, size - at < piece ? size - at : piece, failure)) return 0;
  }
  return tar_finish(&reader, failure);
}

static void check_names(void) {
  static const char *const good[] = {
      "node.exe", "main.mjs", "node_modules/@koromix/koffi/index.js", ".package-lock.json", "a/b.c/d", "con1", "comet",
      "com12", "nul_/x", "x.con",
  };
  static const char *const bad[] = {
      "", "/", "/x", "x/", "a//b", ".", "..", "../x", "a/../b", "a/..", "a/.", "...", "a./b", "b...", "C:/x", "C:x",
      "x:stream", "a\\b", "\\\\server\\x", "\\\\?\\C:\\x", "con", "CON", "Con.txt", "a/NUL", "nul.tar.gz", "COM1", "com9.x",
      "lpt0", "AUX.", "PRN", "conin$", "CLOCK$", "a b", "a ", "a\n", "a\x01", "\xc3\xbc", "a*b", "a?", "a<b", "a|b",
      "a\"b", "~1", "a%20",
  };
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) CHECK(tar_name_is_safe(good[i]));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    if (tar_name_is_safe(bad[i])) printf("took %s\n", bad[i]);
    CHECK(!tar_name_is_safe(bad[i]));
  }
  char longest[TAR_NAME_MAX + 2];
  memset(longest, 'a', sizeof longest);
  longest[TAR_NAME_MAX] = '\0';
  CHECK(tar_name_is_safe(longest));
  longest[TAR_NAME_MAX] = 'a';
  longest[TAR_NAME_MAX + 1] = '\0';
  CHECK(!tar_name_is_safe(longest));
}

static void check_archives(uint8_t *tar) {
  struct taken taken;
  struct failure failure;
  size_t end = add(tar, 0, "a/", '5', 0);
  end = add(tar, end, "a/one", '0', 5);
  end = add(tar, end, "empty", '0', 0);
  end = add(tar, end, "two", '0', 1024);
  memset(tar + end, 0, 1024);
  for (size_t piece = 1; piece < 2000; piece += 97) {
    CHECK(reads(tar, end + 1024, piece, 4096, &taken, &failure));
    CHECK_TEXT(taken.names, "a/one empty two ");
    CHECK(taken.bytes == 1029 && taken.open == 0);
  }
  CHECK(!reads(tar, end, 512, 4096, &taken, &failure));
  CHECK(!reads(tar, end + 1024 - 100, 512, 4096, &taken, &failure));
  CHECK(!reads(tar, 0, 512, 4096, &taken, &failure) && failure.code == EXIT_BAD_ARCHIVE);
  CHECK(!reads(tar, end + 1024, 512, 1028, &taken, &failure));
  tar[512 + 20] ^= 1;
  CHECK(!reads(tar, end + 1024, 512, 4096, &taken, &failure));
}

static void check_refusals(uint8_t *tar) {
  struct taken taken;
  struct failure failure;
  for (const char *type = "1234567xgLKS"; *type; type++) {
    size_t end = add(tar, 0, "link", *type, 0);
    memset(tar + end, 0, 1024);
    CHECK(!reads(tar, end + 1024, 512, 4096, &taken, &failure) == (*type != '5'));
    CHECK_TEXT(taken.names, "");
  }
  size_t end = add(tar, 0, "../evil", '0', 5);
  memset(tar + end, 0, 1024);
  CHECK(!reads(tar, end + 1024, 512, 4096, &taken, &failure) && failure.code == EXIT_BAD_ARCHIVE);
  CHECK_TEXT(taken.names, "");
  // The prefix is part of the name.
  end = add(tar, 0, "evil", '0', 5);
  memcpy(tar + 345, "..", 2);
  set_checksum(tar);
  CHECK(!reads(tar, end, 512, 4096, &taken, &failure));
  // Something after the end.
  end = add(tar, 0, "one", '0', 0);
  memset(tar + end, 0, 512);
  end = add(tar, end + 512, "two", '0', 0);
  CHECK(!reads(tar, end, 512, 4096, &taken, &failure));
}

void check_tar(void) {
  uint8_t *tar = malloc(1 << 16);
  check_names();
  check_archives(tar);
  check_refusals(tar);
  free(tar);
}
