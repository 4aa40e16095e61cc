#include "machine-request.h"

#include <stdio.h>
#include <string.h>

#include "../common/parse/encoding.h"
#include "../common/parse/json.h"
#include "../common/win/crypto.h"
#include "../common/win/text-windows.h"

enum { NODES = 64, TEXT_CAPACITY = 512 };

int64_t now_ms(void) {
  const int64_t from_1601_to_1970 = 11644473600000;
  FILETIME time;
  GetSystemTimeAsFileTime(&time);
  return (int64_t)(((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime) / 10000) - from_1601_to_1970;
}

/** The headers that say who asks, signed over all of the request. */
static bool sign(const struct identity *identity, const struct machine_request *request, int64_t time,
                 wchar_t *headers, size_t capacity) {
  uint8_t hash[SHA256_SIZE], signature[SIGNATURE_SIZE];
  char hash_hex[SHA256_HEX_CAPACITY], encoded[BASE64URL_CAPACITY(SIGNATURE_SIZE)], text[TEXT_CAPACITY];
  const char *body = request->body ? request->body : "";
  if (!sha256(body, strlen(body), hash)) return false;
  hex_encode(hash, sizeof hash, hash_hex);
  int size = snprintf(text, sizeof text, "guruconnect-request\n%s\n%s\n%s\n%lld\n%s", request->method, request->path,
                      identity->machine_id, (long long)time, hash_hex);
  if (size < 0 || size >= (int)sizeof text || !p256_sign(identity->key, text, (size_t)size, signature)) return false;
  base64url_encode(signature, sizeof signature, encoded);
  size = snprintf(text, sizeof text,
                  "x-guruconnect-machine: %s\r\nx-guruconnect-time: %lld\r\nx-guruconnect-signature: %s\r\n%s",
                  identity->machine_id, (long long)time, encoded,
                  request->body ? "content-type: application/json\r\n" : "");
  return size > 0 && size < (int)sizeof text && to_wide(text, headers, capacity);
}

static bool read_body(HINTERNET answer, char *out, size_t capacity) {
  size_t size = 0;
  DWORD count = 1;
  while (count > 0 && size + 1 < capacity) {
    if (!WinHttpReadData(answer, out + size, (DWORD)(capacity - 1 - size), &count)) return false;
    size += count;
  }
  out[size] = '\0';
  return count == 0;
}

static bool send_once(struct http_client *client, const struct identity *identity,
                      const struct machine_request *request, int64_t time, char *answer, size_t capacity, int *status,
                      struct failure *failure) {
  wchar_t headers[TEXT_CAPACITY], method[8];
  if (!sign(identity, request, time, headers, TEXT_CAPACITY) || !to_wide(request->method, method, 8)) {
    return fail(failure, EXIT_UNEXPECTED, "The request cannot be signed with this machine's key.");
  }
  struct http_request raw = {.method = method,
                             .path = request->path,
                             .headers = headers,
                             .body = request->body,
                             .body_size = request->body ? strlen(request->body) : 0};
  HINTERNET handle = http_send(client, &raw, status, failure);
  if (!handle) return false;
  bool is_read = read_body(handle, answer, capacity);
  DWORD error = GetLastError();
  WinHttpCloseHandle(handle);
  return is_read || http_fail(client, error, failure);
}

/** The server's clock from its refusal of ours; false when it was refused for something else. */
static bool server_time(const struct json *json, const struct json_node *error, int64_t *time) {
  const struct json_node *details = json_member(json, error, "details");
  return json_is(json, json_member(json, error, "code"), "unauthenticated") &&
         json_integer(json, json_member(json, details, "serverTime"), time);
}

bool machine_request_send(struct http_client *client, const struct identity *identity,
                          const struct machine_request *request, char *answer, size_t capacity,
                          struct failure *failure) {
  int status = 0;
  int64_t time = now_ms();
  for (int tries = 0; tries < 2; tries++) {
    if (!send_once(client, identity, request, time, answer, capacity, &status, failure)) return false;
    if (status == 200) return true;
    struct json_node nodes[NODES];
    struct json json = {0};
    char text[256] = "";
    const struct json_node *error = NULL;
    if (json_parse(&json, answer, strlen(answer), nodes, NODES)) {
      error = json_member(&json, nodes, "error");
      if (!error) error = nodes;
      json_text(&json, json_member(&json, error, "message"), text, sizeof text);
    }
    if (text[0]) fail(failure, EXIT_SERVER_REFUSED, "%s", text);
    else fail(failure, EXIT_SERVER_REFUSED, "The server answered with status %d.", status);
    if (status != 401 || !error || !server_time(&json, error, &time)) return false;
  }
  return false;
}
