#include "slots.h"

#include <string.h>

#include "../common/parse/json.h"
#include "../common/parse/text-buffer.h"

enum { NODES = 160 };

static const char *const SLOT_NAMES[] = {"none", "A", "B"};
static const char *const OUTCOME_NAMES[] = {"none", "updated", "rolled-back", "refused", "failed"};

const char *slot_name(enum slot slot) {
  return SLOT_NAMES[slot];
}

const char *outcome_name(enum update_outcome outcome) {
  return OUTCOME_NAMES[outcome];
}

/** Cuts what is too long, between two characters. */
static void copy(char *to, size_t capacity, const char *from) {
  size_t size = strlen(from);
  if (size >= capacity) {
    size = capacity - 1;
    while (size > 0 && ((uint8_t)from[size] & 0xC0) == 0x80) size--;
  }
  memmove(to, from, size);
  to[size] = '\0';
}

/** Index of the word that a member says, or -1. */
static int word_of(const struct json *json, const struct json_node *node, const char *const *words, int count) {
  for (int i = 0; i < count; i++) {
    if (json_is(json, node, words[i])) return i;
  }
  return -1;
}

static bool read_sha256(const struct json *json, const struct json_node *node, char *out) {
  return json_text(json, node, out, SHA256_HEX_SIZE) && strlen(out) == 64 &&
         strspn(out, "0123456789abcdef") == 64;
}

static bool read_version(const struct json *json, const struct json_node *node, char *out) {
  return json_text(json, node, out, VERSION_SIZE) && strspn(out, "0123456789.") == strlen(out);
}

static bool read_refused(const struct json *json, const struct json_node *node, struct refused_update *refused) {
  return read_sha256(json, json_member(json, node, "manifestSha256"), refused->manifest_sha256) &&
         read_version(json, json_member(json, node, "version"), refused->version) &&
         json_text(json, json_member(json, node, "reason"), refused->reason, REASON_SIZE) &&
         json_integer(json, json_member(json, node, "at"), &refused->at);
}

static bool read_report(const struct json *json, const struct json_node *node, struct update_report *report) {
  if (!node || node->type == JSON_NULL) return true;
  int outcome = word_of(json, json_member(json, node, "outcome"), OUTCOME_NAMES, 5);
  if (outcome < 1) return false;
  report->outcome = (enum update_outcome)outcome;
  return read_sha256(json, json_member(json, node, "manifestSha256"), report->manifest_sha256) &&
         read_version(json, json_member(json, node, "version"), report->version) &&
         json_text(json, json_member(json, node, "reason"), report->reason, REASON_SIZE);
}

static bool read_pending(const struct json *json, const struct json_node *root, struct slots_state *state) {
  int pending = word_of(json, json_member(json, root, "pending"), SLOT_NAMES, 3);
  int64_t trials, prolonged = 0;
  if (pending < 0 || !json_integer(json, json_member(json, root, "trials"), &trials)) return false;
  // Older versions do not write it.
  const struct json_node *times = json_member(json, root, "prolonged");
  if (times && !json_integer(json, times, &prolonged)) return false;
  if (trials < 0 || trials > 1000 || prolonged < 0 || prolonged > MAX_PROLONGED) return false;
  state->trials = (uint32_t)trials;
  state->prolonged = (uint32_t)prolonged;
  state->pending = (enum slot)pending;
  if (state->pending == SLOT_NONE) return true;
  return read_sha256(json, json_member(json, root, "pendingSha256"), state->pending_sha256) &&
         read_version(json, json_member(json, root, "pendingVersion"), state->pending_version);
}

static bool read_state(const char *text, size_t size, struct slots_state *state) {
  struct json_node nodes[NODES];
  struct json json;
  if (!json_parse(&json, text, size, nodes, NODES)) return false;
  int active = word_of(&json, json_member(&json, nodes, "active"), SLOT_NAMES, 3);
  if (active < 0 || !read_pending(&json, nodes, state)) return false;
  state->active = (enum slot)active;
  if (state->pending != SLOT_NONE && state->pending == state->active) return false;
  const struct json_node *list = json_member(&json, nodes, "refused");
  const struct json_node *one = list ? json_first(&json, list) : NULL;
  for (; one; one = json_next(&json, list, one)) {
    if (state->refused_count == MAX_REFUSED) return false;
    if (!read_refused(&json, one, &state->refused[state->refused_count])) return false;
    state->refused_count++;
  }
  return read_report(&json, json_member(&json, nodes, "report"), &state->report);
}

bool slots_parse(const char *text, size_t size, struct slots_state *state) {
  memset(state, 0, sizeof *state);
  if (read_state(text, size, state)) return true;
  memset(state, 0, sizeof *state);
  return false;
}

bool slots_encode(const struct slots_state *state, char *out, size_t capacity) {
  struct text_buffer buffer = text_buffer_over(out, capacity);
  text_add(&buffer, "{");
  text_add_json_member(&buffer, "active", slot_name(state->active));
  text_add_json_member(&buffer, "pending", slot_name(state->pending));
  text_add_json_member(&buffer, "pendingSha256", state->pending_sha256);
  text_add_json_member(&buffer, "pendingVersion", state->pending_version);
  text_add(&buffer, ",\"trials\":");
  text_add_integer(&buffer, state->trials);
  text_add(&buffer, ",\"prolonged\":");
  text_add_integer(&buffer, state->prolonged);
  text_add(&buffer, ",\"refused\":[");
  for (uint32_t i = 0; i < state->refused_count; i++) {
    const struct refused_update *one = &state->refused[i];
    text_add(&buffer, i ? ",{" : "{");
    text_add_json_member(&buffer, "manifestSha256", one->manifest_sha256);
    text_add_json_member(&buffer, "version", one->version);
    text_add_json_member(&buffer, "reason", one->reason);
    text_add(&buffer, ",\"at\":");
    text_add_integer(&buffer, one->at);
    text_add(&buffer, "}");
  }
  text_add(&buffer, "],\"report\":");
  if (state->report.outcome == OUTCOME_NONE) {
    text_add(&buffer, "null");
  } else {
    text_add(&buffer, "{");
    text_add_json_member(&buffer, "outcome", outcome_name(state->report.outcome));
    text_add_json_member(&buffer, "manifestSha256", state->report.manifest_sha256);
    text_add_json_member(&buffer, "version", state->report.version);
    text_add_json_member(&buffer, "reason", state->report.reason);
    text_add(&buffer, "}");
  }
  text_add(&buffer, "}");
  return !buffer.overflow;
}

enum slot slot_for_update(enum slot running) {
  return running == SLOT_A ? SLOT_B : SLOT_A;
}

static void end_trial(struct slots_state *state) {
  state->pending = SLOT_NONE;
  state->pending_sha256[0] = state->pending_version[0] = '\0';
  state->trials = state->prolonged = 0;
}

static void set_report(struct slots_state *state, enum update_outcome outcome, const char *version,
                       const char *manifest_sha256, const char *reason) {
  state->report.outcome = outcome;
  copy(state->report.version, VERSION_SIZE, version);
  copy(state->report.manifest_sha256, SHA256_HEX_SIZE, manifest_sha256);
  copy(state->report.reason, REASON_SIZE, reason);
}

void slots_stage(struct slots_state *state, enum slot slot, const char *version, const char *manifest_sha256) {
  slots_forgive(state, manifest_sha256);
  state->pending = slot;
  state->trials = state->prolonged = 0;
  copy(state->pending_version, VERSION_SIZE, version);
  copy(state->pending_sha256, SHA256_HEX_SIZE, manifest_sha256);
}

enum slot slots_current(const struct slots_state *state) {
  return state->pending == SLOT_NONE ? state->active : state->pending;
}

bool slots_begin_trial(struct slots_state *state) {
  if (state->trials >= MAX_TRIALS) return false;
  state->trials++;
  return true;
}

bool slots_prolong(struct slots_state *state) {
  if (state->prolonged >= MAX_PROLONGED) return false;
  state->prolonged++;
  state->trials = 0;
  return true;
}

void slots_promote(struct slots_state *state) {
  set_report(state, OUTCOME_UPDATED, state->pending_version, state->pending_sha256, "");
  state->active = state->pending;
  end_trial(state);
}

static void remember_refused(struct slots_state *state, const char *version, const char *manifest_sha256,
                             const char *reason, int64_t now) {
  slots_forgive(state, manifest_sha256);
  if (state->refused_count == MAX_REFUSED) {
    // The oldest is the least likely to be offered again.
    memmove(&state->refused[0], &state->refused[1], sizeof state->refused[0] * (MAX_REFUSED - 1));
    state->refused_count--;
  }
  struct refused_update *one = &state->refused[state->refused_count++];
  copy(one->version, VERSION_SIZE, version);
  copy(one->manifest_sha256, SHA256_HEX_SIZE, manifest_sha256);
  copy(one->reason, REASON_SIZE, reason);
  one->at = now;
}

void slots_roll_back(struct slots_state *state, const char *reason, int64_t now) {
  set_report(state, OUTCOME_ROLLED_BACK, state->pending_version, state->pending_sha256, reason);
  remember_refused(state, state->report.version, state->report.manifest_sha256, reason, now);
  end_trial(state);
}

void slots_refuse(struct slots_state *state, const char *version, const char *manifest_sha256, const char *reason,
                  int64_t now) {
  set_report(state, OUTCOME_REFUSED, version, manifest_sha256, reason);
  remember_refused(state, version, manifest_sha256, reason, now);
}

const struct refused_update *slots_find_refused(const struct slots_state *state, const char *manifest_sha256) {
  for (uint32_t i = 0; i < state->refused_count; i++) {
    if (strcmp(state->refused[i].manifest_sha256, manifest_sha256) == 0) return &state->refused[i];
  }
  return NULL;
}

void slots_forgive(struct slots_state *state, const char *manifest_sha256) {
  for (uint32_t i = 0; i < state->refused_count; i++) {
    if (strcmp(state->refused[i].manifest_sha256, manifest_sha256) != 0) continue;
    memmove(&state->refused[i], &state->refused[i + 1], sizeof state->refused[0] * (state->refused_count - i - 1));
    state->refused_count--;
    return;
  }
}
