#include "update-client.h"

#include <stdlib.h>
#include <string.h>

#include "../common/parse/encoding.h"
#include "../common/parse/json.h"
#include "../common/parse/text-buffer.h"
#include "../common/parse/version-order.h"
#include "../common/win/log.h"
#include "../common/win/pack.h"
#include "../common/win/release.h"
#include "machine-request.h"

enum { ANSWER_CAPACITY = 4096, NODES = 32, SHORTEST_POLL = 5, LONGEST_POLL = 7 * 86400, USUAL_POLL = 4 * 3600 };

static bool read_offer(const char *answer, struct update_offer *offer) {
  struct json_node nodes[NODES];
  struct json json;
  int64_t seconds;
  if (!json_parse(&json, answer, strlen(answer), nodes, NODES)) return false;
  const struct json_node *wanted = json_member(&json, nodes, "wanted");
  if (!json_text(&json, json_member(&json, nodes, "version"), offer->version, sizeof offer->version) ||
      !json_text(&json, json_member(&json, nodes, "manifestSha256"), offer->manifest_sha256,
                 sizeof offer->manifest_sha256) ||
      !wanted || !json_integer(&json, json_member(&json, nodes, "pollSeconds"), &seconds)) {
    return false;
  }
  uint8_t hash[SHA256_SIZE];
  offer->is_wanted = wanted->type == JSON_TRUE && hex_decode(offer->manifest_sha256, hash, sizeof hash);
  offer->poll_seconds = seconds >= SHORTEST_POLL && seconds <= LONGEST_POLL ? (uint32_t)seconds : USUAL_POLL;
  return true;
}

bool update_ask(struct http_client *client, const struct identity *identity, struct update_offer *offer,
                struct failure *failure) {
  char answer[ANSWER_CAPACITY];
  struct machine_request request = {"GET", "/api/v1/agent/update", NULL};
  if (!machine_request_send(client, identity, &request, answer, sizeof answer, failure)) return false;
  return read_offer(answer, offer) ||
         fail(failure, EXIT_SERVER_REFUSED, "The server gave an answer about updates that makes no sense.");
}

bool update_tell(struct http_client *client, const struct identity *identity, const struct update_report *report,
                 struct failure *failure) {
  char body[1024], answer[ANSWER_CAPACITY];
  struct text_buffer text = text_buffer_over(body, sizeof body);
  text_add(&text, "{");
  text_add_json_member(&text, "toVersion", report->version);
  text_add_json_member(&text, "manifestSha256", report->manifest_sha256);
  text_add_json_member(&text, "outcome", outcome_name(report->outcome));
  text_add_json_member(&text, "reason", report->reason);
  text_add(&text, "}");
  struct machine_request request = {"POST", "/api/v1/agent/update-report", body};
  return machine_request_send(client, identity, &request, answer, sizeof answer, failure);
}

static bool is_what_was_offered(const struct update_offer *offer, const char *text, size_t size,
                                const struct manifest *manifest, struct failure *failure) {
  uint8_t hash[SHA256_SIZE];
  char hex[SHA256_HEX_CAPACITY] = "";
  if (sha256(text, size, hash)) hex_encode(hash, sizeof hash, hex);
  if (strcmp(hex, offer->manifest_sha256) != 0 || strcmp(manifest->version, offer->version) != 0) {
    return fail(failure, EXIT_BAD_SIGNATURE, "The server offered one version and gave the list of another.");
  }
  if (!manifest->service.is_named || !manifest->ui.is_named) {
    return fail(failure, EXIT_BAD_SIGNATURE, "The list of parts is not one for installed machines.");
  }
  return true;
}

static bool is_newer(const struct manifest *manifest, const char *running_version, struct failure *failure) {
  int order = version_order(manifest->version, running_version);
  if (order > 0) return true;
  return fail(failure, EXIT_DOWNGRADE, "Version %s is %s than %s, which runs here: downgrade refused.",
              manifest->version, order < 0 ? "older" : "not newer", running_version);
}

static bool write_in(const wchar_t *folder, const wchar_t *name, const void *bytes, size_t size,
                     struct failure *failure) {
  wchar_t file[PATH_CAPACITY];
  return path_join(file, folder, name) ? write_file(file, bytes, size, failure)
                                       : fail(failure, EXIT_DISK, "A path is too long.");
}

static bool fetch_into(struct http_client *client, const struct blob *blob, const wchar_t *folder,
                       const wchar_t *name, struct failure *failure) {
  wchar_t file[PATH_CAPACITY];
  return path_join(file, folder, name) ? blob_fetch(client, blob, file, NULL, failure)
                                       : fail(failure, EXIT_DISK, "A path is too long.");
}

static bool fetch_pack(struct http_client *client, const struct manifest *manifest, const struct update_place *place,
                       struct failure *failure) {
  wchar_t folder[PATH_CAPACITY], name[80], file[PATH_CAPACITY];
  if (pack_folder(&manifest->pack, place->folders->packs, folder)) return true;
  for (size_t i = 0; i <= 64; i++) name[i] = (wchar_t)manifest->pack.sha256[i];
  wcscpy(name + 64, L".xz");
  if (!path_join(file, place->folders->packs, name)) return fail(failure, EXIT_DISK, "A path is too long.");
  if (!blob_fetch(client, &manifest->pack, file, NULL, failure)) return false;
  struct pack_source source = {.file = file};
  bool is_unpacked = pack_unpack(&source, &manifest->pack, place->folders->packs, folder, NULL, place->cancelled,
                                 failure);
  DeleteFileW(file);
  return is_unpacked;
}

bool update_fetch(struct http_client *client, const struct update_offer *offer, const struct update_place *place,
                  struct failure *failure) {
  char text[MANIFEST_MAX_SIZE];
  uint8_t signature[SIGNATURE_SIZE];
  size_t size;
  struct manifest manifest;
  wchar_t slot[PATH_CAPACITY];
  if (!manifest_fetch(client, offer->manifest_sha256, &manifest, text, &size, signature, failure) ||
      !is_what_was_offered(offer, text, size, &manifest, failure) ||
      !is_newer(&manifest, place->running_version, failure)) {
    return false;
  }
  if (!slot_folder(place->folders, place->slot, slot)) return fail(failure, EXIT_DISK, "A path is too long.");
  // Until the new manifest is there, the slot is none: what it held before is not mixed with what comes.
  wchar_t old[PATH_CAPACITY];
  if (path_join(old, slot, L"manifest.json")) DeleteFileW(old);
  return make_folders(slot, failure) &&
         fetch_into(client, &manifest.service, slot, L"guruconnect-service.exe", failure) &&
         fetch_into(client, &manifest.ui, slot, L"GuruConnect.exe", failure) &&
         fetch_pack(client, &manifest, place, failure) &&
         write_in(slot, L"manifest.sig", signature, sizeof signature, failure) &&
         write_in(slot, L"manifest.json", text, size, failure);
}

bool update_is_hopeless(const struct failure *failure) {
  switch (failure->code) {
    case EXIT_BAD_SIGNATURE:
    case EXIT_ALTERED_PACK:
    case EXIT_BAD_ARCHIVE:
    case EXIT_DOWNGRADE:
      return true;
    default:
      return false;
  }
}

bool slot_manifest(const struct config *config, const struct service_folders *folders, enum slot slot,
                   struct manifest *manifest, struct failure *failure) {
  wchar_t folder[PATH_CAPACITY], file[PATH_CAPACITY];
  char text[MANIFEST_MAX_SIZE];
  uint8_t signature[SIGNATURE_SIZE];
  size_t size = 0, signature_size = 0;
  if (!slot_folder(folders, slot, folder) || !path_join(file, folder, L"manifest.json") ||
      !read_file(file, text, sizeof text, &size, failure) || !path_join(file, folder, L"manifest.sig") ||
      !read_file(file, signature, sizeof signature, &signature_size, failure)) {
    return false;
  }
  return manifest_verify(config, text, size, signature, signature_size, manifest, failure);
}
