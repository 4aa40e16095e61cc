#include <string.h>

#include "tar-reader.h"

static bool is_allowed(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (c != '\0' && strchr("._@+-", c));
}

static bool equals_ignoring_case(const char *text, size_t size, const char *wanted) {
  if (size != strlen(wanted)) return false;
  for (size_t i = 0; i < size; i++) {
    char c = text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 'a' + 'A') : text[i];
    if (c != wanted[i]) return false;
  }
  return true;
}

/** Windows opens a device for these names, whatever folder they stand in and whatever follows a dot. */
static bool is_device(const char *part, size_t size) {
  static const char *const names[] = {"CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$"};
  size_t stem = 0;
  while (stem < size && part[stem] != '.') stem++;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (equals_ignoring_case(part, stem, names[i])) return true;
  }
  bool is_numbered = stem == 4 && part[3] >= '0' && part[3] <= '9';
  return is_numbered && (equals_ignoring_case(part, 3, "COM") || equals_ignoring_case(part, 3, "LPT"));
}

static bool is_safe_part(const char *part, size_t size) {
  if (size == 0 || is_device(part, size)) return false;
  // Windows drops dots at the end, so that `...` and `a.` would be other files than they seem; `.` and `..` are here.
  if (part[size - 1] == '.') return false;
  for (size_t i = 0; i < size; i++) {
    if (!is_allowed(part[i])) return false;
  }
  return true;
}

bool tar_name_is_safe(const char *name) {
  size_t length = strlen(name);
  if (length == 0 || length > TAR_NAME_MAX) return false;
  for (const char *part = name;;) {
    size_t size = strcspn(part, "/");
    if (!is_safe_part(part, size)) return false;
    if (part[size] == '\0') return true;
    part += size + 1;
  }
}
