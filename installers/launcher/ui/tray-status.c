#include "tray-status.h"

#include <stdio.h>
#include <string.h>

#include "../common/parse/json.h"
#include "../common/win/paths.h"

static bool is_true(const struct json *json, const char *name) {
  const struct json_node *node = json_member(json, json->nodes, name);
  return node && node->type == JSON_TRUE;
}

void tray_status_read(struct tray_status *status) {
  wchar_t folder[PATH_CAPACITY], file[PATH_CAPACITY];
  char text[8192];
  size_t size;
  struct json_node nodes[64];
  struct json json;
  struct failure ignored;
  memset(status, 0, sizeof *status);
  if (!path_machine_data(folder, &ignored) || !path_join(file, folder, L"public\\status.json") ||
      !read_file(file, text, sizeof text, &size, &ignored) || !json_parse(&json, text, size, nodes, 64)) {
    return;
  }
  status->is_known = true;
  status->is_online = is_true(&json, "online");
  status->has_session = is_true(&json, "session");
  json_text(&json, json_member(&json, nodes, "company"), status->company, sizeof status->company);
  json_text(&json, json_member(&json, nodes, "version"), status->version, sizeof status->version);
  json_text(&json, json_member(&json, nodes, "tray"), status->tray, sizeof status->tray);
  json_text(&json, json_member(&json, nodes, "problem"), status->problem, sizeof status->problem);
}

void tray_status_text(const struct tray_status *status, char *out, unsigned capacity) {
  const char *company = status->company[0] ? status->company : "your support";
  if (!status->is_known) snprintf(out, capacity, "GuruConnect does not run on this computer.");
  else if (status->has_session) snprintf(out, capacity, "Somebody of %s is connected to this computer.", company);
  else if (status->is_online) snprintf(out, capacity, "Ready for support by %s.", company);
  else if (status->problem[0]) snprintf(out, capacity, "%s", status->problem);
  else snprintf(out, capacity, "Not connected to %s.", company);
}
