#include "support-request.h"

#include "../common/parse/json.h"
#include "../common/parse/text-buffer.h"

enum { NODES = 32 };

bool support_request_read(const char *line, size_t size, struct support_request *request) {
  struct json_node nodes[NODES];
  struct json json;
  if (!json_parse(&json, line, size, nodes, NODES)) return false;
  if (!json_is(&json, json_member(&json, nodes, "type"), "request-support")) return false;
  return json_text(&json, json_member(&json, nodes, "message"), request->message, sizeof request->message) &&
         request->message[0] != '\0' &&
         json_text(&json, json_member(&json, nodes, "user"), request->user, sizeof request->user);
}

bool support_request_body(const struct support_request *request, char *out, size_t capacity) {
  struct text_buffer text = text_buffer_over(out, capacity);
  text_add(&text, "{");
  text_add_json_member(&text, "message", request->message);
  text_add_json_member(&text, "user", request->user);
  text_add(&text, "}");
  return !text.overflow;
}

static uint32_t hash_of(const char *text) {
  uint32_t hash = 2166136261u;
  for (; *text; text++) hash = (hash ^ (uint8_t)*text) * 16777619u;
  // 0 is a free place.
  return hash ? hash : 1;
}

bool support_limiter_allow(struct support_limiter *limiter, const char *user, uint64_t now_ms) {
  uint32_t who = hash_of(user);
  int place = -1;
  for (int i = 0; i < LIMITED_USERS; i++) {
    bool is_over = limiter->recent[i].user == 0 || now_ms - limiter->recent[i].at >= LIMIT_MS;
    if (is_over) place = i;
    else if (limiter->recent[i].user == who) return false;
  }
  if (place < 0) return false;
  limiter->recent[place].user = who;
  limiter->recent[place].at = now_ms;
  return true;
}
