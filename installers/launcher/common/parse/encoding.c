#include "encoding.h"

#include <string.h>

static const char HEX[] = "0123456789abcdef";
static const char BASE64URL[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void hex_encode(const uint8_t *bytes, size_t size, char *out) {
  for (size_t i = 0; i < size; i++) {
    *out++ = HEX[bytes[i] >> 4];
    *out++ = HEX[bytes[i] & 15];
  }
  *out = '\0';
}

bool hex_decode(const char *text, uint8_t *out, size_t size) {
  if (strlen(text) != size * 2) return false;
  for (size_t i = 0; i < size; i++) {
    const char *high = strchr(HEX, text[2 * i]), *low = strchr(HEX, text[2 * i + 1]);
    if (!high || !low) return false;
    out[i] = (uint8_t)((high - HEX) << 4 | (low - HEX));
  }
  return true;
}

void base64url_encode(const uint8_t *bytes, size_t size, char *out) {
  uint32_t bits = 0;
  int count = 0;
  for (size_t i = 0; i < size; i++) {
    bits = bits << 8 | bytes[i];
    for (count += 8; count >= 6; count -= 6) *out++ = BASE64URL[bits >> (count - 6) & 63];
  }
  if (count > 0) *out++ = BASE64URL[bits << (6 - count) & 63];
  *out = '\0';
}

static int base64_digit(char c) {
  if (c == '+') return 62;
  if (c == '/') return 63;
  const char *found = c == '\0' ? NULL : strchr(BASE64URL, c);
  return found ? (int)(found - BASE64URL) : -1;
}

bool base64_decode(const char *text, size_t length, uint8_t *out, size_t capacity, size_t *size) {
  uint32_t bits = 0;
  int count = 0;
  size_t at = 0, made = 0;
  for (; at < length && text[at] != '='; at++) {
    if (text[at] != '\0' && strchr(" \t\r\n", text[at])) continue;
    int digit = base64_digit(text[at]);
    if (digit < 0) return false;
    bits = bits << 6 | (uint32_t)digit;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    if (made == capacity) return false;
    out[made++] = (uint8_t)(bits >> count);
  }
  for (; at < length; at++) {
    if (text[at] == '\0' || !strchr("= \t\r\n", text[at])) return false;
  }
  *size = made;
  // Six bits alone are no byte, and the bits that are left must be zero: one text for one sequence of bytes.
  return count < 6 && (bits & ((1u << count) - 1)) == 0;
}
