#include "manifest.h"

#include <string.h>

#include "encoding.h"
#include "json.h"
#include "version-order.h"

/** As the server: nothing that we fetch is larger. */
#define BLOB_MAX_SIZE 500000000

static bool read_blob(const struct json *json, const struct json_node *node, struct blob *blob) {
  uint8_t hash[SHA256_SIZE];
  int64_t size;
  if (!node) return false;
  if (node->type == JSON_NULL) return true;
  blob->is_named = true;
  if (!json_text(json, json_member(json, node, "sha256"), blob->sha256, sizeof blob->sha256) ||
      !hex_decode(blob->sha256, hash, sizeof hash) ||
      !json_integer(json, json_member(json, node, "size"), &size) || size < 1 || size > BLOB_MAX_SIZE) {
    return false;
  }
  blob->size = (uint64_t)size;
  return true;
}

bool manifest_parse(struct manifest *manifest, const char *text, size_t size, struct failure *failure) {
  struct json_node nodes[64];
  struct json json;
  int64_t format = 0;
  memset(manifest, 0, sizeof *manifest);
  if (size <= MANIFEST_MAX_SIZE && json_parse(&json, text, size, nodes, 64)) {
    const struct json_node *root = json.nodes;
    if (json_integer(&json, json_member(&json, root, "format"), &format) && format == 1 &&
        json_text(&json, json_member(&json, root, "version"), manifest->version, sizeof manifest->version) &&
        version_is_valid(manifest->version) && json_is(&json, json_member(&json, root, "platform"), "win32-x64") &&
        read_blob(&json, json_member(&json, root, "pack"), &manifest->pack) && manifest->pack.is_named &&
        read_blob(&json, json_member(&json, root, "service"), &manifest->service) &&
        read_blob(&json, json_member(&json, root, "ui"), &manifest->ui)) {
      return true;
    }
  }
  return fail(failure, EXIT_BAD_SIGNATURE, "The list of this program's parts cannot be read.");
}
