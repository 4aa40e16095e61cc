#include <stdio.h>
#include <string.h>

#include "../common/parse/text-buffer.h"
#include "../common/win/log.h"
#include "core.h"
#include "session-desktop.h"

/** Says that no session is on the screen, while it changes. */
#define NO_SESSION 0xFFFFFFFF
/** What a node returns that was told to move. */
#define EXIT_MOVED 75

enum {
  MOST_FAILURES = 6,
  /** A node that was told to end has so long to tell the people at both ends. */
  GOODBYE_MS = 10000,
  RECHECK_MS = 1000,
  MOVE_MS = 3000,
};

static struct wanted_session *find(struct core *core, const char *session_id) {
  for (int i = 0; i < MOST_SESSIONS; i++) {
    struct wanted_session *one = &core->sessions[i];
    if (one->is_wanted && strcmp(one->session_id, session_id) == 0) return one;
  }
  return NULL;
}

static struct wanted_session *of_event(struct core *core, const struct core_event *event) {
  if (event->number < 0 || event->number >= MOST_SESSIONS) return NULL;
  struct wanted_session *one = &core->sessions[event->number];
  return one->node.is_started && one->node.serial == event->serial ? one : NULL;
}

static void say_start(struct wanted_session *one) {
  char line[256];
  struct text_buffer text = text_buffer_over(line, sizeof line);
  text_add(&text, "{\"type\":\"start-session\"");
  text_add_json_member(&text, "sessionId", one->session_id);
  text_add_json_member(&text, "token", one->token);
  text_add(&text, "}");
  line_channel_send(one->node.channel, line);
}

static void end(struct wanted_session *one) {
  if (one->is_ending) return;
  char line[128];
  struct text_buffer text = text_buffer_over(line, sizeof line);
  text_add(&text, "{\"type\":\"stop-session\"");
  text_add_json_member(&text, "sessionId", one->session_id);
  text_add(&text, "}");
  one->is_ending = true;
  one->due = core_in(one->node.is_started ? GOODBYE_MS : 0);
  if (one->node.is_started) line_channel_send(one->node.channel, line);
}

static void begin(struct core *core, const struct presence_frame *frame) {
  for (int i = 0; i < MOST_SESSIONS; i++) {
    // At most one session is open on a machine: the one that runs here is over for the server.
    if (core->sessions[i].is_wanted) end(&core->sessions[i]);
  }
  for (int i = 0; i < MOST_SESSIONS; i++) {
    struct wanted_session *one = &core->sessions[i];
    if (one->is_wanted) continue;
    uint32_t serial = one->node.serial;
    memset(one, 0, sizeof *one);
    one->node.number = i;
    one->node.serial = serial;
    one->is_wanted = true;
    strcpy(one->session_id, frame->session_id);
    strcpy(one->token, frame->token);
    one->due = core_in(0);
    log_line("session %s is wanted", one->session_id);
    return;
  }
  log_line("session %s is wanted while others have not ended", frame->session_id);
}

void sessions_take(struct core *core, const struct presence_frame *frame) {
  struct wanted_session *known = find(core, frame->session_id);
  if (frame->type == FRAME_STOP) {
    if (known) end(known);
  } else if (!known || known->is_ending) {
    begin(core, frame);
  } else if (strcmp(known->token, frame->token) != 0) {
    // It goes on with another token; told the same again after a reconnect, it is on its way.
    strcpy(known->token, frame->token);
    if (known->node.is_started) say_start(known);
  }
}

void sessions_node_opened(struct core *core, const struct core_event *event) {
  struct wanted_session *one = of_event(core, event);
  if (one && !one->is_ending) say_start(one);
}

void sessions_node_said(struct core *core, const struct core_event *event) {
  struct wanted_session *one = of_event(core, event);
  struct failure failure;
  if (!one) return;
  if ((event->value & 255) == NODE_MESSAGE_SAS && !send_secure_attention(&failure)) log_line("%s", failure.text);
  if ((event->value & 255) == NODE_MESSAGE_OVER && !one->is_ending) {
    one->is_ending = true;
    one->due = core_in(GOODBYE_MS);
  }
}

void sessions_console_changed(struct core *core) {
  DWORD session = console_session();
  for (int i = 0; i < MOST_SESSIONS; i++) {
    struct wanted_session *one = &core->sessions[i];
    if (!one->node.is_started || one->node.session == session) continue;
    line_channel_send(one->node.channel, "{\"type\":\"desktop-changed\"}");
    if (one->is_ending) continue;
    // A process stays in its Windows session: it ends, and another one goes on with the same token where people are.
    log_line("session %s moves to the desktop of Windows session %lu", one->session_id, session);
    one->is_moving = true;
    one->due = core_in(MOVE_MS);
  }
}

static void forget(struct core *core, struct wanted_session *one) {
  log_line("session %s is over", one->session_id);
  node_close(&one->node);
  one->is_wanted = false;
  status_write(core);
}

static void start(struct core *core, struct wanted_session *one) {
  struct failure failure;
  DWORD session = console_session();
  one->due = core_in(RECHECK_MS);
  // While the console changes there is no desktop to go to; while the pack is fetched there is nothing to start.
  if (session == NO_SESSION || !core->has_pack) return;
  if (!node_start(&one->node, &core->setup, L"--windows-session", session, &failure)) {
    log_line("the session's agent does not start: %s", failure.text);
    one->failures++;
    one->due = core_in(restart_delay_ms(one->failures));
  } else {
    one->due = NEVER;
    status_write(core);
  }
  if (one->failures >= MOST_FAILURES) forget(core, one);
}

static void ended(struct core *core, struct wanted_session *one, DWORD code) {
  bool ran_long = GetTickCount64() - one->node.started_at > 60000;
  bool has_moved = one->is_moving || code == EXIT_MOVED;
  node_close(&one->node);
  one->is_moving = false;
  if (has_moved && !one->is_ending) {
    one->due = core_in(0);
    return;
  }
  log_line("the session's agent ended with %lu", code);
  one->failures = ran_long ? 1 : one->failures + 1;
  if (code == 0 || one->is_ending || one->failures >= MOST_FAILURES) forget(core, one);
  else one->due = core_in(restart_delay_ms(one->failures));
}

static void tend(struct core *core, struct wanted_session *one) {
  DWORD code = 0;
  bool is_due = one->due != NEVER && GetTickCount64() >= one->due;
  if (one->node.is_started && (node_has_ended(&one->node, &code) || (one->is_moving && is_due))) {
    ended(core, one, code);
  } else if (one->is_ending && (is_due || !one->node.is_started)) {
    forget(core, one);
  } else if (!one->node.is_started && is_due) {
    start(core, one);
  }
}

void sessions_tend(struct core *core) {
  for (int i = 0; i < MOST_SESSIONS; i++) {
    if (core->sessions[i].is_wanted) tend(core, &core->sessions[i]);
  }
}

bool sessions_any(const struct core *core) {
  for (int i = 0; i < MOST_SESSIONS; i++) {
    if (core->sessions[i].is_wanted) return true;
  }
  return false;
}

void sessions_close(struct core *core) {
  for (int i = 0; i < MOST_SESSIONS; i++) {
    struct node *node = &core->sessions[i].node;
    if (node->is_started) line_channel_send(node->channel, "{\"type\":\"quit\"}");
  }
  for (int i = 0; i < MOST_SESSIONS; i++) {
    struct node *node = &core->sessions[i].node;
    if (node->is_started) WaitForSingleObject(node->child.process, 3000);
    node_close(node);
  }
}
