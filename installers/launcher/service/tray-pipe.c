#include "tray-pipe.h"

#include <stdlib.h>
#include <string.h>

#include "../common/parse/text-buffer.h"
#include "../common/win/log.h"
#include "../common/win/security.h"
#include "machine-request.h"
#include "support-request.h"

enum {
  REQUEST_CAPACITY = 16384,
  /** A program that connects and says nothing keeps nobody out for longer. */
  READ_MS = 5000,
  STACK_BYTES = 256 * 1024,
};

static const wchar_t NAME[] = L"\\\\.\\pipe\\GuruConnectTray";

struct tray_pipe {
  const struct config *config;
  const struct identity *identity;
  /** `thread` is there while somebody is served, and `came` tells of the next one. */
  HANDLE thread, stop, ready, came;
  HANDLE pipe;
  OVERLAPPED connecting;
  struct support_limiter limiter;
};

/** Waits for an operation on the pipe; false when it failed, took too long, or the service stops. */
static bool finish(struct tray_pipe *tray, OVERLAPPED *overlapped, DWORD milliseconds, DWORD *count) {
  HANDLE handles[] = {overlapped->hEvent, tray->stop};
  if (WaitForMultipleObjects(2, handles, FALSE, milliseconds) == WAIT_OBJECT_0) {
    return GetOverlappedResult(tray->pipe, overlapped, count, FALSE);
  }
  CancelIoEx(tray->pipe, overlapped);
  GetOverlappedResult(tray->pipe, overlapped, count, TRUE);
  return false;
}

/** One line without its end; false when it is longer than a request can be. */
static bool read_line(struct tray_pipe *tray, char *line, size_t *size) {
  ULONGLONG deadline = GetTickCount64() + READ_MS;
  *size = 0;
  while (*size < REQUEST_CAPACITY && GetTickCount64() < deadline) {
    OVERLAPPED overlapped = {.hEvent = tray->ready};
    DWORD count = 0;
    ResetEvent(tray->ready);
    if (!ReadFile(tray->pipe, line + *size, (DWORD)(REQUEST_CAPACITY - *size), NULL, &overlapped) &&
        GetLastError() != ERROR_IO_PENDING) {
      return false;
    }
    if (!finish(tray, &overlapped, READ_MS, &count) || count == 0) return false;
    *size += count;
    char *end = memchr(line, '\n', *size);
    if (!end) continue;
    *size = (size_t)(end - line);
    return true;
  }
  return false;
}

static void write_line(struct tray_pipe *tray, const char *line) {
  OVERLAPPED overlapped = {.hEvent = tray->ready};
  DWORD count;
  ResetEvent(tray->ready);
  bool is_begun = WriteFile(tray->pipe, line, (DWORD)strlen(line), NULL, &overlapped) ||
                  GetLastError() == ERROR_IO_PENDING;
  // The answer must arrive before the pipe is taken away: a message that was not read is lost then.
  if (is_begun && finish(tray, &overlapped, READ_MS, &count)) FlushFileBuffers(tray->pipe);
}

static void answer(struct tray_pipe *tray, const char *problem) {
  char line[512];
  struct text_buffer text = text_buffer_over(line, sizeof line);
  if (!problem) {
    text_add(&text, "{\"type\":\"sent\"}\n");
  } else {
    text_add(&text, "{\"type\":\"failed\"");
    text_add_json_member(&text, "text", problem);
    text_add(&text, "}\n");
  }
  write_line(tray, line);
}

static bool tell_server(struct tray_pipe *tray, const char *body, struct failure *failure) {
  struct http_client client;
  char reply[2048];
  struct machine_request request = {"POST", "/api/v1/agent/support-requests", body};
  if (!http_open(&client, tray->config, failure)) return false;
  bool is_sent = machine_request_send(&client, tray->identity, &request, reply, sizeof reply, failure);
  http_close(&client);
  return is_sent;
}

static void serve(struct tray_pipe *tray, char *line, char *body) {
  struct support_request request;
  struct failure failure;
  size_t size;
  if (!read_line(tray, line, &size)) return;
  if (!support_request_read(line, size, &request)) {
    answer(tray, "The message is empty or too long.");
  } else if (!support_limiter_allow(&tray->limiter, request.user, GetTickCount64())) {
    answer(tray, "You have asked for help a moment ago. Please wait half a minute.");
  } else if (!support_request_body(&request, body, REQUEST_CAPACITY)) {
    answer(tray, "The message is empty or too long.");
  } else if (!tell_server(tray, body, &failure)) {
    log_line("a request for help could not be told: %s", failure.text);
    // The server says what is wrong with the request; what is wrong with the network helps nobody here.
    answer(tray, failure.code == EXIT_SERVER_REFUSED ? failure.text
                                                     : "Your request could not be sent. Please try again later.");
  } else {
    log_line("somebody asked for help");
    answer(tray, NULL);
  }
}

static DWORD WINAPI serve_one(void *context) {
  struct tray_pipe *tray = context;
  // Not kept: people ask rarely, and the service idles for weeks.
  char *room = calloc(2, REQUEST_CAPACITY);
  if (room) serve(tray, room, room + REQUEST_CAPACITY);
  free(room);
  return 0;
}

/** Waits for the next one; what began on another thread would end with that. */
static void expect_client(struct tray_pipe *tray) {
  DisconnectNamedPipe(tray->pipe);
  ResetEvent(tray->came);
  tray->connecting = (OVERLAPPED){.hEvent = tray->came};
  bool is_pending = !ConnectNamedPipe(tray->pipe, &tray->connecting) && GetLastError() == ERROR_IO_PENDING;
  if (!is_pending) SetEvent(tray->came);
}

HANDLE tray_pipe_event(const struct tray_pipe *tray) {
  return tray->thread ? tray->thread : tray->came;
}

void tray_pipe_pump(struct tray_pipe *tray) {
  if (WaitForSingleObject(tray_pipe_event(tray), 0) != WAIT_OBJECT_0) return;
  if (tray->thread) {
    CloseHandle(tray->thread);
    tray->thread = NULL;
  } else {
    ResetEvent(tray->came);
    tray->thread = CreateThread(NULL, STACK_BYTES, serve_one, tray, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
  }
  if (!tray->thread) expect_client(tray);
}

static HANDLE make_pipe(void) {
  SECURITY_ATTRIBUTES attributes;
  struct failure failure;
  if (!security_from_acl(&attributes, ACL_PIPE_USERS, &failure)) return INVALID_HANDLE_VALUE;
  // The first instance: nobody else can have made a pipe of this name to listen in.
  HANDLE pipe = CreateNamedPipeW(NAME, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
                                 PIPE_TYPE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, 4096, 4096, 0,
                                 &attributes);
  security_free(&attributes);
  return pipe;
}

struct tray_pipe *tray_pipe_open(const struct config *config, const struct identity *identity) {
  struct tray_pipe *tray = calloc(1, sizeof *tray);
  if (!tray) return NULL;
  tray->config = config;
  tray->identity = identity;
  tray->pipe = make_pipe();
  if (tray->pipe == INVALID_HANDLE_VALUE) {
    log_line("people cannot ask for help: the pipe cannot be made (%lu)", GetLastError());
    free(tray);
    return NULL;
  }
  tray->stop = CreateEventW(NULL, TRUE, FALSE, NULL);
  tray->ready = CreateEventW(NULL, TRUE, FALSE, NULL);
  tray->came = CreateEventW(NULL, TRUE, FALSE, NULL);
  expect_client(tray);
  return tray;
}

void tray_pipe_close(struct tray_pipe *tray) {
  SetEvent(tray->stop);
  if (!tray->thread || WaitForSingleObject(tray->thread, 3000) == WAIT_OBJECT_0) CloseHandle(tray->pipe);
}
