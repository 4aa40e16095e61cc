#include "presence-line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/parse/encoding.h"
#include "../common/win/crypto.h"
#include "../common/win/http.h"
#include "../common/win/log.h"

enum {
  /** The server pings every 15 s: a line on which the greeting takes longer than this is none. */
  GREETING_MS = 20000,
  LONGEST_SILENCE_MS = 10 * 60000,
  STACK_BYTES = 256 * 1024,
};

struct presence_line {
  const struct config *config;
  const struct identity *identity;
  struct event_queue *queue;
  HANDLE thread, changed;
  volatile LONG is_closing, is_cut;
  /** Guards the handles below, which another thread closes to end a wait. */
  CRITICAL_SECTION lock;
  HINTERNET socket;
  volatile LONGLONG deadline;
  unsigned failures;
  bool is_up;
  char problem[320];
  /** What was logged last: a server that is away for days must not fill the disk. */
  char trouble[320];
};

static double chance(void) {
  uint32_t value = 0;
  random_bytes(&value, sizeof value);
  return value / 4294967296.0;
}

static void give_time(struct presence_line *line, uint32_t milliseconds) {
  InterlockedExchange64(&line->deadline, (LONGLONG)GetTickCount64() + milliseconds);
}

/** Ends the socket under whoever reads from it: WinHTTP's own time-outs do not reach a WebSocket's reads. */
static void cut(struct presence_line *line) {
  EnterCriticalSection(&line->lock);
  HINTERNET socket = line->socket;
  line->socket = NULL;
  LeaveCriticalSection(&line->lock);
  if (socket) WinHttpCloseHandle(socket);
}

void presence_line_check(struct presence_line *line) {
  if (!line->socket || (LONGLONG)GetTickCount64() <= line->deadline) return;
  log_line("nothing was heard from the server for too long");
  cut(line);
}

static bool send_text(struct presence_line *line, const char *text) {
  EnterCriticalSection(&line->lock);
  DWORD error = line->socket ? WinHttpWebSocketSend(line->socket, WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE,
                                                    (void *)text, (DWORD)strlen(text))
                             : ERROR_INVALID_HANDLE;
  LeaveCriticalSection(&line->lock);
  return error == NO_ERROR;
}

static bool send_hello(struct presence_line *line) {
  struct presence_frame frame = {.type = FRAME_HELLO};
  char text[MAX_PRESENCE_FRAME];
  strcpy(frame.machine_id, line->identity->machine_id);
  snprintf(frame.version, sizeof frame.version, "%s", line->config->version);
  return presence_encode(&frame, text, sizeof text) && send_text(line, text);
}

static bool answer_challenge(struct presence_line *line, const struct presence_frame *asked) {
  struct presence_frame frame = {.type = FRAME_CHALLENGE};
  char text[MAX_PRESENCE_FRAME];
  uint8_t signature[SIGNATURE_SIZE];
  int size = snprintf(text, sizeof text, "guruconnect-presence\n%s\n%s", line->identity->machine_id, asked->token);
  if (!p256_sign(line->identity->key, text, (size_t)size, signature)) return false;
  strcpy(frame.token, asked->token);
  base64url_encode(signature, sizeof signature, frame.signature);
  return presence_encode(&frame, text, sizeof text) && send_text(line, text);
}

static void went_up(struct presence_line *line) {
  line->failures = 0;
  line->problem[0] = line->trouble[0] = '\0';
  if (line->is_up) return;
  line->is_up = true;
  log_line("online");
  event_queue_tell(line->queue, EVENT_LINE_UP);
}

/** Tells of a change alone, not of every further try that failed. */
static void went_down(struct presence_line *line, const char *problem) {
  if (!line->is_up && strcmp(problem, line->problem) == 0) return;
  line->is_up = false;
  snprintf(line->problem, sizeof line->problem, "%s", problem);
  log_line(*problem ? "offline: %s" : "offline%s", problem);
  struct core_event event = {.type = EVENT_LINE_DOWN};
  snprintf(event.text, sizeof event.text, "%s", problem);
  event_queue_put(line->queue, &event);
}

/** What a line learned until it broke. */
struct visit {
  uint32_t silence_ms;
  struct refusal refusal;
  /** For people; empty where all that they could do is wait. */
  char problem[320];
};

static bool take(struct presence_line *line, const struct presence_frame *frame, struct visit *visit) {
  switch (frame->type) {
    case FRAME_OPEN:
      visit->silence_ms = frame->ping_interval_ms + frame->ping_timeout_ms;
      return send_text(line, PRESENCE_CONNECT);
    case FRAME_CONNECTED:
      return send_hello(line);
    case FRAME_PING:
      return send_text(line, PRESENCE_PONG);
    case FRAME_CHALLENGE:
      return answer_challenge(line, frame);
    case FRAME_HELLO:
      went_up(line);
      return true;
    case FRAME_REFUSED:
      visit->refusal = frame->refusal;
      strcpy(visit->problem, frame->problem);
      return false;
    case FRAME_GOODBYE:
      return false;
    case FRAME_UNKNOWN:
      log_line("the server sent a message that makes no sense");
      return true;
    default:
      if (!line->is_up) return true;
      struct core_event event = {.type = EVENT_SERVER, .frame = *frame};
      event_queue_put(line->queue, &event);
      return true;
  }
}

/** Reads until the line breaks. */
static void hear(struct presence_line *line, HINTERNET socket, struct visit *visit) {
  char text[MAX_PRESENCE_FRAME];
  DWORD size = 0;
  visit->silence_ms = GREETING_MS;
  for (;;) {
    DWORD count = 0;
    WINHTTP_WEB_SOCKET_BUFFER_TYPE type;
    // The greeting as a whole has its time; only then does every sign of life give more.
    if (line->is_up) give_time(line, visit->silence_ms < LONGEST_SILENCE_MS ? visit->silence_ms : LONGEST_SILENCE_MS);
    DWORD error = WinHttpWebSocketReceive(socket, text + size, (DWORD)(sizeof text - size), &count, &type);
    if (error != NO_ERROR || type == WINHTTP_WEB_SOCKET_CLOSE_BUFFER_TYPE) return;
    size += count;
    bool is_whole = type == WINHTTP_WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE;
    if (!is_whole && size < sizeof text) continue;
    if (!is_whole) return;
    struct presence_frame frame;
    presence_decode(text, size, &frame);
    size = 0;
    if (!take(line, &frame, visit)) return;
  }
}

static void note_trouble(struct presence_line *line, const char *text) {
  if (strcmp(text, line->trouble) == 0) return;
  snprintf(line->trouble, sizeof line->trouble, "%s", text);
  log_line("%s", text);
}

static void visit_server(struct presence_line *line, struct visit *visit) {
  struct http_client client;
  struct failure failure = {0};
  if (!http_open(&client, line->config, &failure)) return;
  client.cancelled = &line->is_cut;
  int status = 0;
  struct http_request request = {
      .method = L"GET", .path = "/presence/?EIO=4&transport=websocket", .upgrade = true};
  HINTERNET answer = http_send(&client, &request, &status, &failure);
  HINTERNET socket = NULL;
  if (answer && status == HTTP_STATUS_SWITCH_PROTOCOLS) socket = WinHttpWebSocketCompleteUpgrade(answer, 0);
  else if (answer) fail(&failure, EXIT_SERVER_REFUSED, "the server answered the line with status %d", status);
  if (!socket) note_trouble(line, failure.text);
  // Nothing that goes by itself: the clock, the certificate, or somebody in between.
  if (failure.code == EXIT_UNTRUSTED_SERVER) snprintf(visit->problem, sizeof visit->problem, "%s", failure.text);
  if (answer) WinHttpCloseHandle(answer);
  if (socket) {
    give_time(line, GREETING_MS);
    EnterCriticalSection(&line->lock);
    line->socket = socket;
    LeaveCriticalSection(&line->lock);
    hear(line, socket, visit);
    cut(line);
  }
  http_close(&client);
}

static DWORD WINAPI keep_line(void *context) {
  struct presence_line *line = context;
  while (!line->is_closing) {
    struct visit visit = {0};
    InterlockedExchange(&line->is_cut, 0);
    visit_server(line, &visit);
    if (line->is_closing) break;
    went_down(line, visit.problem);
    line->failures++;
    DWORD delay = presence_delay_ms(line->failures, visit.refusal, chance());
    if (WaitForSingleObject(line->changed, delay) == WAIT_OBJECT_0) line->failures = 0;
  }
  return 0;
}

struct presence_line *presence_line_open(const struct config *config, const struct identity *identity,
                                         struct event_queue *queue) {
  struct presence_line *line = calloc(1, sizeof *line);
  if (!line) return NULL;
  line->config = config;
  line->identity = identity;
  line->queue = queue;
  InitializeCriticalSection(&line->lock);
  line->changed = CreateEventW(NULL, FALSE, FALSE, NULL);
  line->thread = CreateThread(NULL, STACK_BYTES, keep_line, line, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
  return line;
}

void presence_line_reconnect(struct presence_line *line) {
  InterlockedExchange(&line->is_cut, 1);
  cut(line);
  SetEvent(line->changed);
}

void presence_line_close(struct presence_line *line) {
  InterlockedExchange(&line->is_closing, 1);
  send_text(line, PRESENCE_DISCONNECT);
  presence_line_reconnect(line);
  WaitForSingleObject(line->thread, 3000);
  // The process ends with the service: what a thread may still hold is not taken from it.
}
