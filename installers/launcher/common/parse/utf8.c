#include "utf8.h"

/** Bytes of the character at `at`, or 0 for what is none. */
static size_t character_size(const unsigned char *at, size_t left) {
  static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (at[0] < 0x80) return 1;
  size_t size = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
  if (at[0] < 0xc2 || at[0] > 0xf4 || size > left) return 0;
  uint32_t code_point = at[0] & (0x7fu >> size);
  for (size_t i = 1; i < size; i++) {
    if ((at[i] & 0xc0) != 0x80) return 0;
    code_point = code_point << 6 | (at[i] & 0x3f);
  }
  bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  return code_point < smallest[size] || code_point > 0x10ffff || surrogate ? 0 : size;
}

bool utf8_is_valid(const char *text, size_t size) {
  for (size_t at = 0; at < size;) {
    size_t step = character_size((const unsigned char *)text + at, size - at);
    if (step == 0) return false;
    at += step;
  }
  return true;
}

size_t utf8_encode(uint32_t code_point, char out[4]) {
  if (code_point < 0x80) {
    out[0] = (char)code_point;
    return 1;
  }
  size_t size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
  for (size_t i = size - 1; i > 0; i--) {
    out[i] = (char)(0x80 | (code_point & 0x3f));
    code_point >>= 6;
  }
  out[0] = (char)((0xf00u >> size & 0xf0) | code_point);
  return size;
}
