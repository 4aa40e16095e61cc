/* Runs the portable parts of the service for portable-parts.test.ts: input on stdin, one answer per line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../common/parse/json.h"
#include "../../back-off.h"
#include "../../identity.h"
#include "../../node-message.h"
#include "../../presence-frames.h"
#include "../../reboot-plan.h"
#include "../../slots.h"
#include "../../support-request.h"

enum { LINE = 16384 };

static bool read_line(char *line, size_t *size) {
  if (!fgets(line, LINE, stdin)) return false;
  *size = strcspn(line, "\n");
  line[*size] = '\0';
  return true;
}

static void answer_frame(const char *line, size_t size) {
  struct presence_frame frame;
  char out[MAX_PRESENCE_FRAME];
  presence_decode(line, size, &frame);
  if (frame.type >= FRAME_HELLO) {
    puts(presence_encode(&frame, out, sizeof out) ? out : "too long");
    return;
  }
  static const char *const NAMES[] = {"unknown", "open", "ping", "connected", "refused", "goodbye"};
  printf("%s %u %u %d %u %s\n", NAMES[frame.type], frame.ping_interval_ms, frame.ping_timeout_ms,
         (int)frame.refusal.kind, frame.refusal.retry_after_ms, frame.problem);
}

static void frames(void) {
  static char line[LINE];
  size_t size;
  while (read_line(line, &size)) answer_frame(line, size);
}

static void delay(char **arguments) {
  struct refusal why = {(enum refusal_kind)atoi(arguments[1]), (uint32_t)atoi(arguments[2])};
  printf("%u\n", presence_delay_ms((unsigned)atoi(arguments[0]), why, atof(arguments[3])));
}

static void plan(const char *word) {
  enum reboot_kind kind;
  struct reboot_step steps[MOST_REBOOT_STEPS];
  char text[256];
  if (!parse_reboot_kind(word, &kind)) {
    puts("unknown");
    return;
  }
  size_t count = plan_reboot(kind, steps);
  for (size_t i = 0; i < count; i++) {
    describe_reboot_step(&steps[i], text, sizeof text);
    puts(text);
  }
}

static void safe_return(char **a) {
  static const char *const NAMES[] = {"nothing", "clear-value", "restart", "forget"};
  struct safe_mode_view view = {*a[0] == '1', *a[1] == '1', *a[2] == '1', *a[3] == '1', 15,
                                (uint64_t)atoi(a[4]) * 60000};
  puts(NAMES[decide_safe_return(&view)]);
}

/** One order a line; the first is the state to begin with. Prints the state after each. */
static void slots(void) {
  static char line[LINE], out[LINE];
  struct slots_state state;
  size_t size;
  if (!read_line(line, &size)) return;
  puts(slots_parse(line, size, &state) ? "read" : "new");
  while (read_line(line, &size)) {
    char *verb = strtok(line, "|"), *one = strtok(NULL, "|"), *two = strtok(NULL, "|"), *three = strtok(NULL, "|");
    if (strcmp(verb, "stage") == 0) slots_stage(&state, slot_for_update(state.active), one, two);
    else if (strcmp(verb, "trial") == 0) puts(slots_begin_trial(&state) ? "go" : "no more");
    else if (strcmp(verb, "prolong") == 0) puts(slots_prolong(&state) ? "goes on" : "too often");
    else if (strcmp(verb, "promote") == 0) slots_promote(&state);
    else if (strcmp(verb, "roll-back") == 0) slots_roll_back(&state, one, 1000);
    else if (strcmp(verb, "refuse") == 0) slots_refuse(&state, one, two, three, 1000);
    else if (strcmp(verb, "forgive") == 0) slots_forgive(&state, one);
    else if (strcmp(verb, "current") == 0) puts(slot_name(slots_current(&state)));
    if (!slots_encode(&state, out, sizeof out)) abort();
    struct slots_state again;
    if (!slots_parse(out, strlen(out), &again) || memcmp(&again.pending, &state.pending, sizeof state.pending)) abort();
    puts(out);
  }
}

/** One identity a line. */
static void identities(void) {
  static char line[LINE];
  struct identity identity;
  size_t size;
  while (read_line(line, &size)) {
    if (!identity_parse(&identity, line, size)) puts("damaged");
    else printf("%s %s %s %u\n", identity.machine_id, identity.origin, identity.company, identity.check_in_seconds);
  }
}

/** A line `seconds user` each: whether that user may ask then. */
static void limits(void) {
  static char line[LINE];
  struct support_limiter limiter = {0};
  size_t size;
  while (read_line(line, &size)) {
    char *user = strchr(line, ' ');
    puts(user && support_limiter_allow(&limiter, user, (uint64_t)atoi(line) * 1000 + 100000) ? "yes" : "no");
  }
}

/** Everything that reads what others wrote. */
static void read_all(const char *text, size_t size) {
  static char encoded[LINE];
  static struct support_request request;
  struct presence_frame frame;
  struct slots_state state;
  struct identity identity;
  struct node_message message;
  struct json_node nodes[256];
  struct json json;
  presence_decode(text, size, &frame);
  if (frame.type >= FRAME_HELLO) presence_encode(&frame, encoded, MAX_PRESENCE_FRAME);
  if (slots_parse(text, size, &state) && !slots_encode(&state, encoded, sizeof encoded)) abort();
  identity_parse(&identity, text, size);
  if (support_request_read(text, size, &request)) support_request_body(&request, encoded, sizeof encoded);
  if (json_parse(&json, text, size, nodes, 256)) node_message_read(&json, &message);
}

static uint64_t random_state;
static uint32_t next_random(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (uint32_t)(random_state >> 16);
}

/** Changes the lines of stdin at random and reads them; a sanitizer build ends at the first wrong access. */
static void fuzz(uint64_t seed, long rounds) {
  static char lines[64][LINE];
  static size_t sizes[64];
  size_t count = 0;
  while (count < 64 && read_line(lines[count], &sizes[count])) count++;
  random_state = seed * 2654435761u + 1;
  for (long round = 0; round < rounds; round++) {
    const char *from = lines[next_random() % count];
    size_t size = strlen(from);
    // Exactly as long as the text: reading past it is found.
    char *text = malloc(size + 1);
    memcpy(text, from, size + 1);
    for (uint32_t changes = 1 + next_random() % 6; changes > 0 && size > 0; changes--) {
      uint32_t at = next_random() % (uint32_t)size;
      if (next_random() % 8 == 0) size = at;
      else text[at] = (char)next_random();
    }
    char *exact = malloc(size ? size : 1);
    memcpy(exact, text, size);
    read_all(exact, size);
    free(exact);
    free(text);
  }
  puts("done");
}

int main(int count, char **arguments) {
  if (count < 2) return 1;
  if (strcmp(arguments[1], "frames") == 0) frames();
  else if (strcmp(arguments[1], "delay") == 0 && count == 6) delay(arguments + 2);
  else if (strcmp(arguments[1], "plan") == 0 && count == 3) plan(arguments[2]);
  else if (strcmp(arguments[1], "safe-return") == 0 && count == 7) safe_return(arguments + 2);
  else if (strcmp(arguments[1], "slots") == 0) slots();
  else if (strcmp(arguments[1], "identities") == 0) identities();
  else if (strcmp(arguments[1], "limits") == 0) limits();
  else if (strcmp(arguments[1], "fuzz") == 0 && count == 4) fuzz((uint64_t)atol(arguments[2]), atol(arguments[3]));
  else return 1;
  return 0;
}
