#include "presence-frames.h"

#include <string.h>

#include "../common/parse/json.h"
#include "../common/parse/text-buffer.h"

static const char EVENT[] = "42/presence,";
static const char CONNECTED[] = "40/presence,";
static const char REFUSED[] = "44/presence,";

/** More than any message of ours needs; a server that sends more is none of ours. */
enum { NODES = 64, NONCE_SIZE = 43 };

static bool starts_with(const char *text, size_t size, const char *prefix) {
  size_t length = strlen(prefix);
  return size >= length && memcmp(text, prefix, length) == 0;
}

static bool consists_of(const char *text, const char *allowed) {
  return text[strspn(text, allowed)] == '\0';
}

static bool is_token(const char *text) {
  return strlen(text) == NONCE_SIZE &&
         consists_of(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}

static bool is_id(const char *text) {
  return strlen(text) == 36 && consists_of(text, "0123456789abcdefABCDEF-");
}

static bool milliseconds(const struct json *json, const struct json_node *node, int64_t most, uint32_t *out) {
  int64_t value;
  if (!json_integer(json, node, &value) || value < 0 || value > most) return false;
  *out = (uint32_t)value;
  return true;
}

static bool read_open(const char *text, size_t size, struct presence_frame *frame) {
  struct json_node nodes[NODES];
  struct json json;
  if (!json_parse(&json, text, size, nodes, NODES)) return false;
  const int64_t ten_minutes = 600000;
  return milliseconds(&json, json_member(&json, nodes, "pingInterval"), ten_minutes, &frame->ping_interval_ms) &&
         milliseconds(&json, json_member(&json, nodes, "pingTimeout"), ten_minutes, &frame->ping_timeout_ms);
}

/** The kind of a refusal, and what people can do about it. The same sentences as the agent's. */
static void explain_refusal(const struct json *json, const struct json_node *data, struct presence_frame *frame) {
  const struct json_node *code = json_member(json, data, "code");
  if (json_is(json, code, "not-allowed") || json_is(json, code, "not-found")) {
    frame->refusal.kind = REFUSAL_GONE;
    strcpy(frame->problem,
           "The server does not know this machine any more. Enrol it again with a new token to bring it back.");
  } else if (json_is(json, code, "unsupported-version")) {
    frame->refusal.kind = REFUSAL_GONE;
    if (!json_text(json, json_member(json, data, "message"), frame->problem, sizeof frame->problem)) {
      strcpy(frame->problem, "The server does not speak with this version any more.");
    }
  } else if (json_is(json, code, "conflict")) {
    frame->refusal.kind = REFUSAL_CONFLICT;
    strcpy(frame->problem,
           "Another computer uses this machine\xe2\x80\x99s identity, for example a copy of its disk. Enrol one of "
           "the two again with --new-identity.");
  } else if (json_is(json, code, "unauthenticated")) {
    frame->refusal.kind = REFUSAL_UNAUTHENTICATED;
    strcpy(frame->problem, "The server did not accept this machine\xe2\x80\x99s key.");
  } else if (milliseconds(json, json_member(json, json_member(json, data, "details"), "retryAfterMs"), 3600000,
                          &frame->refusal.retry_after_ms)) {
    frame->refusal.kind = REFUSAL_RETRY_AFTER;
  }
}

static bool read_refused(const char *text, size_t size, struct presence_frame *frame) {
  struct json_node nodes[NODES];
  struct json json;
  if (!json_parse(&json, text, size, nodes, NODES)) return false;
  explain_refusal(&json, json_member(&json, nodes, "data"), frame);
  return true;
}

static bool read_start_session(const struct json *json, const struct json_node *body, struct presence_frame *frame) {
  return json_text(json, json_member(json, body, "sessionId"), frame->session_id, sizeof frame->session_id) &&
         is_id(frame->session_id) &&
         json_text(json, json_member(json, body, "token"), frame->token, sizeof frame->token) &&
         is_token(frame->token);
}

static bool read_update(const struct json *json, const struct json_node *body, struct presence_frame *frame) {
  const struct json_node *sha256 = json_member(json, body, "manifestSha256");
  return json_text(json, json_member(json, body, "version"), frame->version, sizeof frame->version) &&
         json_text(json, sha256, frame->manifest_sha256, sizeof frame->manifest_sha256) &&
         strlen(frame->manifest_sha256) == 64 && consists_of(frame->manifest_sha256, "0123456789abcdef");
}

static bool read_hello(const struct json *json, const struct json_node *body, struct presence_frame *frame) {
  int64_t protocol;
  return json_integer(json, json_member(json, body, "protocol"), &protocol) && protocol == 1 &&
         json_text(json, json_member(json, body, "machineId"), frame->machine_id, sizeof frame->machine_id) &&
         json_text(json, json_member(json, body, "version"), frame->version, sizeof frame->version);
}

static bool read_challenge(const struct json *json, const struct json_node *body, struct presence_frame *frame) {
  const struct json_node *signature = json_member(json, body, "signature");
  return json_text(json, json_member(json, body, "nonce"), frame->token, sizeof frame->token) &&
         is_token(frame->token) && signature &&
         (signature->type == JSON_NULL ||
          json_text(json, signature, frame->signature, sizeof frame->signature));
}

static bool read_event(const char *text, size_t size, struct presence_frame *frame) {
  struct json_node nodes[NODES];
  struct json json;
  if (!json_parse(&json, text, size, nodes, NODES) || nodes[0].type != JSON_ARRAY) return false;
  const struct json_node *name = json_first(&json, nodes);
  const struct json_node *body = name ? json_next(&json, nodes, name) : NULL;
  if (!body || body->type != JSON_OBJECT || json_next(&json, nodes, body)) return false;
  if (json_is(&json, name, "hello")) {
    frame->type = FRAME_HELLO;
    return read_hello(&json, body, frame);
  }
  if (json_is(&json, name, "challenge")) {
    frame->type = FRAME_CHALLENGE;
    return read_challenge(&json, body, frame);
  }
  if (json_is(&json, name, "start-session")) {
    frame->type = FRAME_START_SESSION;
    return read_start_session(&json, body, frame);
  }
  if (json_is(&json, name, "stop")) {
    frame->type = FRAME_STOP;
    return json_text(&json, json_member(&json, body, "sessionId"), frame->session_id, sizeof frame->session_id) &&
           is_id(frame->session_id);
  }
  if (json_is(&json, name, "update")) {
    frame->type = FRAME_UPDATE;
    return read_update(&json, body, frame);
  }
  if (json_is(&json, name, "check-in")) {
    frame->type = FRAME_CHECK_IN;
    return milliseconds(&json, json_member(&json, body, "withinMs"), 3600000, &frame->within_ms);
  }
  return false;
}

static bool read_frame(const char *text, size_t size, struct presence_frame *frame) {
  if (size == 0 || size > MAX_PRESENCE_FRAME) return false;
  if (size == 1 && text[0] == '2') {
    frame->type = FRAME_PING;
    return true;
  }
  if (text[0] == '1' || starts_with(text, size, PRESENCE_DISCONNECT)) {
    frame->type = FRAME_GOODBYE;
    return true;
  }
  if (text[0] == '0') {
    frame->type = FRAME_OPEN;
    return read_open(text + 1, size - 1, frame);
  }
  if (starts_with(text, size, CONNECTED)) {
    frame->type = FRAME_CONNECTED;
    return true;
  }
  if (starts_with(text, size, REFUSED)) {
    frame->type = FRAME_REFUSED;
    return read_refused(text + strlen(REFUSED), size - strlen(REFUSED), frame);
  }
  return starts_with(text, size, EVENT) && read_event(text + strlen(EVENT), size - strlen(EVENT), frame);
}

void presence_decode(const char *text, size_t size, struct presence_frame *frame) {
  memset(frame, 0, sizeof *frame);
  if (!read_frame(text, size, frame)) memset(frame, 0, sizeof *frame);
}

static void add_body(struct text_buffer *out, const struct presence_frame *frame) {
  switch (frame->type) {
    case FRAME_HELLO:
      text_add(out, "\"protocol\":1");
      text_add_json_member(out, "machineId", frame->machine_id);
      text_add_json_member(out, "version", frame->version);
      break;
    case FRAME_CHALLENGE:
      text_add_json_member(out, "nonce", frame->token);
      if (frame->signature[0]) text_add_json_member(out, "signature", frame->signature);
      else text_add(out, ",\"signature\":null");
      break;
    case FRAME_START_SESSION:
      text_add_json_member(out, "sessionId", frame->session_id);
      text_add_json_member(out, "token", frame->token);
      break;
    case FRAME_STOP:
      text_add_json_member(out, "sessionId", frame->session_id);
      break;
    case FRAME_UPDATE:
      text_add_json_member(out, "version", frame->version);
      text_add_json_member(out, "manifestSha256", frame->manifest_sha256);
      break;
    default:
      text_add(out, "\"withinMs\":");
      text_add_integer(out, frame->within_ms);
      break;
  }
}

bool presence_encode(const struct presence_frame *frame, char *out, size_t capacity) {
  static const char *const NAMES[] = {"hello", "challenge", "start-session", "stop", "update", "check-in"};
  if (frame->type < FRAME_HELLO) return false;
  struct text_buffer buffer = text_buffer_over(out, capacity);
  text_add(&buffer, EVENT);
  text_add(&buffer, "[\"");
  text_add(&buffer, NAMES[frame->type - FRAME_HELLO]);
  text_add(&buffer, "\",{");
  add_body(&buffer, frame);
  text_add(&buffer, "}]");
  return !buffer.overflow;
}
