#include <stdint.h>
#include <time.h>

#include "../../common/parse/config.h"
#include "../../common/parse/encoding.h"
#include "../../common/parse/file-name.h"
#include "../../common/parse/json.h"
#include "../../common/parse/manifest.h"
#include "../../common/parse/tar-reader.h"
#include "check.h"
#include "samples.h"

#define MAX_INPUT 8192

static uint32_t state;

/** Repeatable from its seed, which the test prints. */
static uint32_t next_random(void) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

/** Flips, inserts, removes, repeats or cuts somewhere, a few times. */
static size_t mutate(uint8_t *bytes, size_t size) {
  for (uint32_t times = next_random() % 6; times > 0 && size > 0; times--) {
    size_t at = next_random() % size, length = next_random() % 32;
    if (length > size - at) length = size - at;
    switch (next_random() % 6) {
      case 0: bytes[at] ^= (uint8_t)(1u << next_random() % 8); break;
      case 1: bytes[at] = (uint8_t)next_random(); break;
      case 2: bytes[at] = (uint8_t)"\"\\{}[]:,0/.-"[next_random() % 12]; break;
      case 3:
        memmove(bytes + at, bytes + at + length, size - at - length);
        size -= length;
        break;
      case 4:
        if (size + length > MAX_INPUT) break;
        memmove(bytes + at + length, bytes + at, size - at);
        size += length;
        break;
      default: size = at + 1; break;
    }
  }
  return size;
}

static void try_json(const uint8_t *bytes, size_t size) {
  struct json_node nodes[128];
  struct json json;
  char text[256];
  int64_t number;
  if (!json_parse(&json, (const char *)bytes, size, nodes, 128)) return;
  json_text(&json, json_member(&json, json.nodes, "origin"), text, sizeof text);
  for (uint32_t i = 0; i < json.count; i++) {
    json_text(&json, nodes + i, text, sizeof text);
    json_integer(&json, nodes + i, &number);
    for (const struct json_node *at = json_first(&json, nodes + i); at; at = json_next(&json, nodes + i, at)) {
      CHECK(at < nodes + json.count);
    }
  }
}

static void try_config(const uint8_t *bytes, size_t size) {
  static struct config config;
  struct failure failure;
  config_parse(&config, (const char *)bytes, size, &failure);
}

static void try_manifest(const uint8_t *bytes, size_t size) {
  struct manifest manifest;
  struct failure failure;
  if (manifest_parse(&manifest, (const char *)bytes, size, &failure)) CHECK(strlen(manifest.pack.sha256) == 64);
}

static void try_name(const uint8_t *bytes, size_t size) {
  char text[MAX_INPUT + 1], code[SESSION_CODE_DIGITS + 1], token[INSTALLER_TOKEN_LENGTH + 1];
  memcpy(text, bytes, size);
  text[size] = '\0';
  if (code_from_file_name(text, code)) CHECK(strspn(code, "0123456789") == 6 && code[6] == '\0');
  if (code_from_url(text, code)) CHECK(strspn(code, "0123456789") == 6 && code[6] == '\0');
  if (code_from_typing(text, code)) CHECK(strspn(code, "0123456789") == 6 && code[6] == '\0');
  if (token_from_file_name(text, token)) CHECK(strlen(token) == 43 && !strpbrk(token, " \"&|<>^%\\/."));
}

static bool on_open(void *context, const char *name, uint64_t size, struct failure *failure) {
  (void)context;
  (void)size;
  (void)failure;
  CHECK(tar_name_is_safe(name) && name[0] != '/' && !strchr(name, ':'));
  return true;
}

static bool on_write(void *context, const uint8_t *bytes, size_t size, struct failure *failure) {
  (void)failure;
  *(uint64_t *)context += size ? bytes[0] + bytes[size - 1] : 0;
  return true;
}

static bool on_close(void *context, struct failure *failure) {
  (void)context;
  (void)failure;
  return true;
}

static void try_tar(const uint8_t *bytes, size_t size) {
  static uint8_t fixed[MAX_INPUT];
  struct tar_reader tar;
  struct failure failure;
  uint64_t sum = 0;
  struct tar_sink sink = {&sum, on_open, on_write, on_close};
  memcpy(fixed, bytes, size);
  // Mostly with a checksum that is right, or nothing would get past it.
  if (size >= 512 && next_random() % 4 != 0) {
    unsigned total = 0;
    memset(fixed + 148, ' ', 8);
    for (int i = 0; i < 512; i++) total += fixed[i];
    snprintf((char *)fixed + 148, 8, "%06o", total);
  }
  tar_begin(&tar, &sink, 1 << 20);
  for (size_t at = 0; at < size;) {
    size_t piece = 1 + next_random() % 700;
    if (piece > size - at) piece = size - at;
    if (!tar_feed(&tar, fixed + at, piece, &failure)) return;
    at += piece;
  }
  tar_finish(&tar, &failure);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fuzz(const char *name, void (*attempt)(const uint8_t *, size_t), const void *seed, size_t size,
                 double seconds) {
  uint8_t input[MAX_INPUT];
  long rounds = 0;
  double end = now() + seconds;
  while (rounds % 256 != 0 || now() < end) {
    memcpy(input, seed, size);
    size_t mutated = mutate(input, size);
    // Exactly as much memory as there is input, so that a byte too far is noticed.
    uint8_t *exact = malloc(mutated ? mutated : 1);
    memcpy(exact, input, mutated);
    attempt(exact, mutated);
    free(exact);
    rounds++;
  }
  printf("%s: %ld inputs\n", name, rounds);
  CHECK(rounds > 0);
}

void fuzz_all(unsigned seed, double seconds) {
  static uint8_t tar[2048];
  static const char names[][80] = {
      "C:\\Users\\a\\GuruConnect-847291 (1) - Copy.exe",
      "GuruConnect-Setup-ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8 [2].exe",
      "guruconnect://session/847291/",
  };
  state = seed ? seed : 1;
  printf("seed %u\n", (unsigned)state);
  fflush(stdout);
  memcpy(tar, "node_modules/x/index.js", 23);
  memcpy(tar + 124, "00000000100", 11);
  tar[156] = '0';
  memcpy(tar + 257, "ustar\0" "00", 8);
  fuzz("json", try_json, SAMPLE_CONFIG, sizeof SAMPLE_CONFIG - 1, seconds);
  fuzz("config", try_config, SAMPLE_CONFIG, sizeof SAMPLE_CONFIG - 1, seconds);
  fuzz("manifest", try_manifest, SAMPLE_MANIFEST, sizeof SAMPLE_MANIFEST - 1, seconds);
  for (size_t i = 0; i < 3; i++) fuzz("names", try_name, names[i], strlen(names[i]), seconds / 3);
  fuzz("tar", try_tar, tar, sizeof tar, seconds);
}
