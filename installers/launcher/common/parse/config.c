#include "config.h"

#include <string.h>

#include "encoding.h"
#include "json.h"
#include "p256-key.h"

static bool read_port(const char *text, uint16_t *port) {
  unsigned value = 0;
  size_t digits = 0;
  for (; text[digits] >= '0' && text[digits] <= '9' && digits < 6; digits++) {
    value = value * 10 + (unsigned)(text[digits] - '0');
  }
  *port = (uint16_t)value;
  return digits > 0 && text[digits] == '\0' && value >= 1 && value <= 65535;
}

/** Letters, digits, dots, hyphens; colons within the brackets of an IPv6 address. */
static bool is_host(const char *host, size_t size, bool is_address) {
  for (size_t i = 0; i < size; i++) {
    char c = host[i];
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    if (!plain && !(is_address && c == ':')) return false;
  }
  return size > 0;
}

bool origin_parse(const char *origin, bool *is_secure, char *host, size_t capacity, uint16_t *port) {
  *is_secure = strncmp(origin, "https://", 8) == 0;
  if (!*is_secure && strncmp(origin, "http://", 7) != 0) return false;
  const char *start = origin + (*is_secure ? 8 : 7);
  bool is_address = *start == '[';
  const char *end = is_address ? strchr(start, ']') : start + strcspn(start, ":");
  if (!end) return false;
  if (is_address) start++;
  size_t size = (size_t)(end - start);
  if (size >= capacity || !is_host(start, size, is_address)) return false;
  memcpy(host, start, size);
  host[size] = '\0';
  if (is_address) end++;
  *port = *is_secure ? 443 : 80;
  return *end == '\0' || (*end == ':' && read_port(end + 1, port));
}

static bool read_release_key(struct config *config, const char *text) {
  uint8_t der[256];
  size_t size;
  return base64_decode(text, strlen(text), der, sizeof der, &size) &&
         p256_public_key(der, size, config->release_key);
}

bool config_parse(struct config *config, const char *text, size_t size, struct failure *failure) {
  struct json_node nodes[64];
  struct json json;
  char key[512];
  int64_t format = 0;
  memset(config, 0, sizeof *config);
  if (size > CONFIG_MAX_SIZE || !json_parse(&json, text, size, nodes, 64)) {
    return fail(failure, EXIT_NOT_CONFIGURED, "The configuration inside this program cannot be read.");
  }
  const struct json_node *root = json.nodes;
  if (!json_integer(&json, json_member(&json, root, "format"), &format) || format != 1) {
    return fail(failure, EXIT_NOT_CONFIGURED, "The configuration inside this program is of an unknown kind.");
  }
  bool complete =
      json_text(&json, json_member(&json, root, "origin"), config->origin, sizeof config->origin) &&
      json_text(&json, json_member(&json, root, "releaseKey"), key, sizeof key) &&
      json_text(&json, json_member(&json, root, "company"), config->company, sizeof config->company) &&
      json_text(&json, json_member(&json, root, "version"), config->version, sizeof config->version) &&
      json_text(&json, json_member(&json, root, "ca"), config->ca, sizeof config->ca) &&
      origin_parse(config->origin, &config->is_secure, config->host, sizeof config->host, &config->port) &&
      read_release_key(config, key);
  return complete ||
         fail(failure, EXIT_NOT_CONFIGURED, "The configuration inside this program is not complete.");
}
