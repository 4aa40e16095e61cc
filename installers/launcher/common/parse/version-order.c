#include "version-order.h"

enum { PARTS = 4 };

/** How many numbers it read into `parts`, or 0 for what is no version. */
static int read_parts(const char *version, int parts[PARTS]) {
  int count = 0;
  for (const char *c = version;; c++) {
    int digits = 0, value = 0;
    for (; *c >= '0' && *c <= '9'; c++) {
      if (++digits > 5) return 0;
      value = value * 10 + (*c - '0');
    }
    if (digits == 0 || count == PARTS) return 0;
    parts[count++] = value;
    if (*c == '\0') return count >= 2 ? count : 0;
    if (*c != '.') return 0;
  }
}

bool version_is_valid(const char *version) {
  int parts[PARTS];
  return read_parts(version, parts) > 0;
}

int version_order(const char *left, const char *right) {
  int a[PARTS] = {0}, b[PARTS] = {0};
  int is_left = read_parts(left, a) > 0, is_right = read_parts(right, b) > 0;
  if (!is_left || !is_right) return is_left - is_right;
  for (int i = 0; i < PARTS; i++) {
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}
