#include "identity.h"

#include <string.h>

#include "../common/parse/encoding.h"
#include "../common/parse/json.h"

enum { NODES = 512, LONGEST_KEY = 512, FIRST_INTERVAL = 900 };

static bool read_key(const struct json *json, const struct json_node *node, uint8_t key[P256_PRIVATE_SIZE]) {
  char text[LONGEST_KEY];
  uint8_t der[LONGEST_KEY];
  size_t size;
  bool is_good = json_text(json, node, text, sizeof text) &&
                 base64_decode(text, strlen(text), der, sizeof der, &size) && p256_private_key(der, size, key);
  // It stays in one place of memory only.
  memset(text, 0, sizeof text);
  memset(der, 0, sizeof der);
  return is_good;
}

bool identity_parse(struct identity *identity, const char *text, size_t size) {
  struct json_node nodes[NODES];
  struct json json;
  memset(identity, 0, sizeof *identity);
  if (!json_parse(&json, text, size, nodes, NODES)) return false;
  const struct json_node *enrolment = json_member(&json, nodes, "enrolment");
  int64_t seconds;
  if (!read_key(&json, json_member(&json, nodes, "privateKey"), identity->key) ||
      !json_text(&json, json_member(&json, nodes, "origin"), identity->origin, sizeof identity->origin) ||
      !json_text(&json, json_member(&json, enrolment, "machineId"), identity->machine_id,
                 sizeof identity->machine_id) ||
      strlen(identity->machine_id) != 36 ||
      strspn(identity->machine_id, "0123456789abcdefABCDEF-") != 36) {
    return false;
  }
  json_text(&json, json_member(&json, enrolment, "companyName"), identity->company, sizeof identity->company);
  const struct json_node *labels = json_member(&json, enrolment, "labels");
  json_text(&json, json_member(&json, labels, "name"), identity->name, sizeof identity->name);
  bool is_told = json_integer(&json, json_member(&json, enrolment, "checkInSeconds"), &seconds);
  identity->check_in_seconds = is_told && seconds >= 10 && seconds <= 86400 ? (uint32_t)seconds : FIRST_INTERVAL;
  return true;
}
