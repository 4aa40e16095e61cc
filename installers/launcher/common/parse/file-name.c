#include "file-name.h"

#include <stddef.h>
#include <string.h>

/** Longer names than any file system allows are looked at no further. */
#define MAX_NAME 1024

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_token_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c; }

static bool starts_with(const char *text, size_t size, const char *wanted) {
  size_t length = strlen(wanted);
  if (size < length) return false;
  for (size_t i = 0; i < length; i++) {
    if (lower(text[i]) != lower(wanted[i])) return false;
  }
  return true;
}

/** The file's name without folders; without `.exe`, which is repeated where browsers hide and add it again. */
static bool stem_of(const char *path, const char **stem, size_t *size) {
  const char *name = path;
  for (const char *c = path; *c != '\0'; c++) {
    if (*c == '\\' || *c == '/') name = c + 1;
  }
  size_t length = strlen(name);
  if (length > MAX_NAME) return false;
  while (length > 4 && starts_with(name + length - 4, 4, ".exe")) length -= 4;
  *stem = name;
  *size = length;
  return true;
}

/** Skips `(12)` or `[12]` and returns how much that was. */
static size_t counter_size(const char *text, size_t size, char open, char close) {
  size_t at = 1;
  if (size < 3 || text[0] != open) return 0;
  while (at < size && at < 5 && is_digit(text[at])) at++;
  return at > 1 && at < size && text[at] == close ? at + 1 : 0;
}

/**
 * Whether this is nothing but what is added to the names of copies: counters in brackets, and ` - Copy` in any
 * language (a hyphen between spaces and a word without digits).
 */
static bool is_copy_suffix(const char *text, size_t size) {
  size_t at = 0;
  while (at < size) {
    size_t step = 0;
    if (text[at] == ' ') {
      step = starts_with(text + at, size - at, " - ") ? 3 : 1;
      if (step == 3) {
        while (at + step < size && !is_digit(text[at + step]) && !strchr("()[]", text[at + step])) step++;
      }
    } else {
      step = counter_size(text + at, size - at, '(', ')');
      if (step == 0) step = counter_size(text + at, size - at, '[', ']');
    }
    if (step == 0) return false;
    at += step;
  }
  return true;
}

/** Digits in a row from `at` on. */
static size_t digits_at(const char *text, size_t size, size_t at) {
  size_t count = 0;
  while (at + count < size && is_digit(text[at + count])) count++;
  return count;
}

bool code_from_file_name(const char *path, char code[SESSION_CODE_DIGITS + 1]) {
  const char *stem;
  size_t size, found = 0;
  int groups = 0;
  code[0] = '\0';
  if (!stem_of(path, &stem, &size)) return false;
  for (size_t at = 0; at < size;) {
    size_t count = digits_at(stem, size, at);
    if (count == SESSION_CODE_DIGITS) {
      groups++;
      found = at;
    }
    at += count > 0 ? count : 1;
  }
  // The hyphen keeps `report847291.exe` from being taken for a code.
  if (groups != 1 || found < 2 || stem[found - 1] != '-') return false;
  size_t after = found + SESSION_CODE_DIGITS;
  if (!is_copy_suffix(stem + after, size - after)) return false;
  memcpy(code, stem + found, SESSION_CODE_DIGITS);
  code[SESSION_CODE_DIGITS] = '\0';
  return true;
}

bool token_from_file_name(const char *path, char token[INSTALLER_TOKEN_LENGTH + 1]) {
  static const char mark[] = "-Setup-";
  const char *stem;
  size_t size;
  token[0] = '\0';
  if (!stem_of(path, &stem, &size)) return false;
  for (size_t at = 1; at + sizeof mark - 1 + INSTALLER_TOKEN_LENGTH <= size; at++) {
    if (!starts_with(stem + at, size - at, mark)) continue;
    const char *start = stem + at + sizeof mark - 1;
    size_t length = 0, left = size - (size_t)(start - stem);
    while (length < left && is_token_character(start[length])) length++;
    if (length != INSTALLER_TOKEN_LENGTH || !is_copy_suffix(start + length, left - length)) continue;
    memcpy(token, start, INSTALLER_TOKEN_LENGTH);
    token[INSTALLER_TOKEN_LENGTH] = '\0';
    return true;
  }
  return false;
}

bool code_from_url(const char *url, char code[SESSION_CODE_DIGITS + 1]) {
  static const char start[] = "guruconnect://session/";
  size_t size = strlen(url);
  code[0] = '\0';
  if (!starts_with(url, size, start)) return false;
  const char *digits = url + sizeof start - 1;
  size_t left = size - (sizeof start - 1);
  if (left > 0 && digits[left - 1] == '/') left--;
  if (left != SESSION_CODE_DIGITS || digits_at(digits, left, 0) != left) return false;
  memcpy(code, digits, SESSION_CODE_DIGITS);
  code[SESSION_CODE_DIGITS] = '\0';
  return true;
}

bool code_from_typing(const char *text, char code[SESSION_CODE_DIGITS + 1]) {
  size_t count = 0;
  code[0] = '\0';
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == ' ' || *c == '-' || *c == '\t') continue;
    if (!is_digit(*c) || count == SESSION_CODE_DIGITS) return code[0] = '\0', false;
    code[count++] = *c;
  }
  code[count == SESSION_CODE_DIGITS ? count : 0] = '\0';
  return count == SESSION_CODE_DIGITS;
}
