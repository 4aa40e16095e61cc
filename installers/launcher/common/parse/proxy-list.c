#include "proxy-list.h"

#include <string.h>

static const char SEPARATORS[] = "; \t\r\n";

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/** Whether text begins with these lower-case letters, in any case. */
static bool begins(const char *text, size_t size, const char *with) {
  size_t length = strlen(with);
  if (length > size) return false;
  for (size_t i = 0; i < length; i++) {
    if (lower(text[i]) != with[i]) return false;
  }
  return true;
}

/** The next word; NULL at the end. */
static const char *next_word(const char **list, size_t *size) {
  const char *word = *list + strspn(*list, SEPARATORS);
  *size = strcspn(word, SEPARATORS);
  *list = word + *size;
  return *size > 0 ? word : NULL;
}

static bool is_host_and_port(const char *text, size_t size) {
  for (size_t i = 0; i < size; i++) {
    char c = lower(text[i]);
    bool is_good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || strchr("-._:[]", c);
    if (!is_good) return false;
  }
  return size > 0;
}

static bool take(const char *text, size_t size, char *out, size_t capacity) {
  if (begins(text, size, "http://")) text += 7, size -= 7;
  while (size > 0 && text[size - 1] == '/') size--;
  if (!is_host_and_port(text, size) || size >= capacity) return false;
  memcpy(out, text, size);
  out[size] = '\0';
  return true;
}

bool proxy_for_scheme(const char *list, bool is_secure, char *out, size_t capacity) {
  const char *scheme = is_secure ? "https=" : "http=", *word;
  size_t size, length = strlen(scheme);
  bool is_found = false;
  out[0] = '\0';
  while ((word = next_word(&list, &size)) != NULL) {
    if (begins(word, size, scheme)) return take(word + length, size - length, out, capacity) || is_found;
    // One without a scheme is for all that have none of their own; the first of several is asked first.
    if (!memchr(word, '=', size) && !is_found) is_found = take(word, size, out, capacity);
  }
  return is_found;
}

/** Whether a pattern matches all of a text; `*` stands for anything. */
static bool matches(const char *pattern, size_t size, const char *text) {
  size_t at = 0, star = size, again = 0;
  for (size_t i = 0; text[i];) {
    if (at < size && pattern[at] == '*') {
      star = at++;
      again = i;
    } else if (at < size && lower(pattern[at]) == lower(text[i])) {
      at++;
      i++;
    } else if (star < size) {
      at = star + 1;
      i = ++again;
    } else {
      return false;
    }
  }
  while (at < size && pattern[at] == '*') at++;
  return at == size;
}

bool proxy_is_bypassed(const char *list, const char *host) {
  const char *word;
  size_t size;
  while ((word = next_word(&list, &size)) != NULL) {
    if (begins(word, size, "<local>") && !strchr(host, '.') && !strchr(host, ':')) return true;
    const char *colon = memchr(word, ':', size);
    // A scheme or a port says more than the host, which is all that counts here; an IPv6 address has several colons.
    if (begins(word, size, "http://")) word += 7, size -= 7;
    else if (begins(word, size, "https://")) word += 8, size -= 8;
    else if (colon && !memchr(colon + 1, ':', size - (size_t)(colon + 1 - word))) size = (size_t)(colon - word);
    if (matches(word, size, host)) return true;
  }
  return false;
}
