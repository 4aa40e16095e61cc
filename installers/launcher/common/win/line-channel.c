#include "line-channel.h"

#include <stdlib.h>
#include <string.h>

#include "../parse/encoding.h"
#include "crypto.h"
#include "log.h"
#include "security.h"
#include "text-windows.h"

#define SEND_TIMEOUT_MS 5000
#define LINE_MAX_NODES 1024

struct line_channel {
  HANDLE pipe, thread, stop, read_done, write_done;
  bool is_server;
  /** Set once someone is connected, cleared when the connection is over. */
  volatile LONG connected;
  CRITICAL_SECTION sending;
  struct line_handler handler;
  /** Of a pumped one: what is under way. */
  OVERLAPPED operation;
  bool is_under_way, is_over;
  struct json_node nodes[LINE_MAX_NODES];
  size_t size;
  char line[LINE_MAX_SIZE];
};

bool pipe_name_make(wchar_t name[64], struct failure *failure) {
  uint8_t bytes[16];
  char hex[33];
  if (!random_bytes(bytes, sizeof bytes)) return fail(failure, EXIT_UNEXPECTED, "Windows gave no random numbers.");
  hex_encode(bytes, sizeof bytes, hex);
  return format_wide(name, 64, L"\\\\.\\pipe\\guruconnect-%hs", hex);
}

void pipe_name_unique(wchar_t name[64]) {
  LARGE_INTEGER counter;
  FILETIME time;
  QueryPerformanceCounter(&counter);
  GetSystemTimeAsFileTime(&time);
  format_wide(name, 64, L"\\\\.\\pipe\\guruconnect-%08lx%08lx%016llx", GetCurrentProcessId(), time.dwLowDateTime,
              (unsigned long long)counter.QuadPart);
}

/** Waits for what was begun; cancels it when the channel is closed or time runs out. */
static bool finish(struct line_channel *channel, OVERLAPPED *operation, DWORD timeout, DWORD *moved) {
  HANDLE events[2] = {operation->hEvent, channel->stop};
  if (WaitForMultipleObjects(2, events, FALSE, timeout) != WAIT_OBJECT_0) CancelIoEx(channel->pipe, operation);
  return GetOverlappedResult(channel->pipe, operation, moved, TRUE);
}

static bool wait_for_client(struct line_channel *channel) {
  OVERLAPPED operation = {.hEvent = channel->read_done};
  DWORD moved;
  if (ConnectNamedPipe(channel->pipe, &operation)) return true;
  DWORD error = GetLastError();
  if (error == ERROR_PIPE_CONNECTED) return true;
  return error == ERROR_IO_PENDING && finish(channel, &operation, INFINITE, &moved);
}

static DWORD read_some(struct line_channel *channel, char *bytes, DWORD capacity) {
  OVERLAPPED operation = {.hEvent = channel->read_done};
  DWORD moved = 0;
  if (!ReadFile(channel->pipe, bytes, capacity, NULL, &operation) && GetLastError() != ERROR_IO_PENDING) return 0;
  return finish(channel, &operation, INFINITE, &moved) ? moved : 0;
}

static bool take_line(struct line_channel *channel, size_t size) {
  struct json json;
  if (!json_parse(&json, channel->line, size, channel->nodes, LINE_MAX_NODES) || json.nodes->type != JSON_OBJECT) {
    log_line("a line on the pipe is no JSON object; the connection ends");
    return false;
  }
  channel->handler.on_message(channel->handler.context, &json);
  return true;
}

/** Hands on all whole lines and keeps the rest. */
static bool take_lines(struct line_channel *channel) {
  size_t start = 0;
  char *end;
  while ((end = memchr(channel->line + start, '\n', channel->size - start)) != NULL) {
    // The parser wants its text at the start of the room.
    size_t at = (size_t)(end - channel->line), size = at - start;
    memmove(channel->line, channel->line + start, channel->size - start);
    channel->size -= start;
    if (size > 0 && !take_line(channel, size)) return false;
    start = size + 1;
  }
  memmove(channel->line, channel->line + start, channel->size - start);
  channel->size -= start;
  return channel->size < LINE_MAX_SIZE;
}

static void read_all(struct line_channel *channel) {
  for (;;) {
    DWORD got = read_some(channel, channel->line + channel->size, (DWORD)(LINE_MAX_SIZE - channel->size));
    if (got == 0) return;
    channel->size += got;
    if (!take_lines(channel)) return;
  }
}

static DWORD WINAPI run(void *context) {
  struct line_channel *channel = context;
  if (!channel->is_server || wait_for_client(channel)) {
    InterlockedExchange(&channel->connected, 1);
    if (channel->handler.on_open) channel->handler.on_open(channel->handler.context);
    read_all(channel);
    InterlockedExchange(&channel->connected, 0);
    // The other side learns of the end now and not when somebody closes the channel.
    if (channel->is_server) DisconnectNamedPipe(channel->pipe);
  }
  bool closed = WaitForSingleObject(channel->stop, 0) == WAIT_OBJECT_0;
  if (!closed && channel->handler.on_end) channel->handler.on_end(channel->handler.context);
  return 0;
}

static void end_pumped(struct line_channel *channel) {
  channel->is_over = true;
  InterlockedExchange(&channel->connected, 0);
  ResetEvent(channel->read_done);
  if (channel->is_server) DisconnectNamedPipe(channel->pipe);
  if (channel->handler.on_end) channel->handler.on_end(channel->handler.context);
}

static void begin_read(struct line_channel *channel) {
  channel->operation = (OVERLAPPED){.hEvent = channel->read_done};
  channel->is_under_way = ReadFile(channel->pipe, channel->line + channel->size,
                                   (DWORD)(LINE_MAX_SIZE - channel->size), NULL, &channel->operation) ||
                          GetLastError() == ERROR_IO_PENDING;
  if (!channel->is_under_way) end_pumped(channel);
}

static void connected(struct line_channel *channel) {
  InterlockedExchange(&channel->connected, 1);
  if (channel->handler.on_open) channel->handler.on_open(channel->handler.context);
  begin_read(channel);
}

static void begin_pumped(struct line_channel *channel) {
  channel->operation = (OVERLAPPED){.hEvent = channel->read_done};
  if (!channel->is_server || ConnectNamedPipe(channel->pipe, &channel->operation)) {
    connected(channel);
    return;
  }
  DWORD error = GetLastError();
  channel->is_under_way = error == ERROR_IO_PENDING;
  if (error == ERROR_PIPE_CONNECTED) connected(channel);
  else if (!channel->is_under_way) end_pumped(channel);
}

HANDLE line_channel_event(const struct line_channel *channel) { return channel->read_done; }

void line_channel_pump(struct line_channel *channel) {
  DWORD moved = 0;
  if (!channel->is_under_way || WaitForSingleObject(channel->read_done, 0) != WAIT_OBJECT_0) return;
  channel->is_under_way = false;
  bool is_good = GetOverlappedResult(channel->pipe, &channel->operation, &moved, FALSE);
  if (!is_good) {
    end_pumped(channel);
  } else if (!channel->connected) {
    connected(channel);
  } else {
    channel->size += moved;
    if (moved > 0 && take_lines(channel)) begin_read(channel);
    else end_pumped(channel);
  }
}

static void release(struct line_channel *channel) {
  HANDLE handles[] = {channel->pipe, channel->thread, channel->stop, channel->read_done, channel->write_done};
  for (size_t i = 0; i < sizeof handles / sizeof *handles; i++) {
    if (handles[i] && handles[i] != INVALID_HANDLE_VALUE) CloseHandle(handles[i]);
  }
  DeleteCriticalSection(&channel->sending);
  free(channel);
}

static struct line_channel *start(HANDLE pipe, bool is_server, const struct line_handler *handler,
                                  struct failure *failure) {
  struct line_channel *channel = calloc(1, sizeof *channel);
  if (!channel) {
    CloseHandle(pipe);
    fail(failure, EXIT_UNEXPECTED, "There is not enough memory.");
    return NULL;
  }
  InitializeCriticalSection(&channel->sending);
  channel->pipe = pipe;
  channel->is_server = is_server;
  channel->connected = !is_server;
  channel->handler = *handler;
  channel->stop = CreateEventW(NULL, TRUE, FALSE, NULL);
  channel->read_done = CreateEventW(NULL, TRUE, FALSE, NULL);
  channel->write_done = CreateEventW(NULL, TRUE, FALSE, NULL);
  bool is_whole = channel->stop && channel->read_done && channel->write_done;
  if (is_whole && handler->is_pumped) return begin_pumped(channel), channel;
  if (is_whole) {
    channel->thread = CreateThread(NULL, 1 << 17, run, channel, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
  }
  if (channel->thread) return channel;
  release(channel);
  fail(failure, EXIT_UNEXPECTED, "Windows has no more room for this program.");
  return NULL;
}

struct line_channel *line_channel_listen(const wchar_t *name, const wchar_t *acl, const struct line_handler *handler,
                                         struct failure *failure) {
  SECURITY_ATTRIBUTES attributes;
  if (!security_from_acl(&attributes, acl, failure)) return NULL;
  HANDLE pipe = CreateNamedPipeW(name, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
                                 PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1,
                                 LINE_MAX_SIZE, LINE_MAX_SIZE, 0, &attributes);
  DWORD error = GetLastError();
  security_free(&attributes);
  if (pipe != INVALID_HANDLE_VALUE) return start(pipe, true, handler, failure);
  fail(failure, EXIT_UNEXPECTED, "A pipe could not be made (error %lu).", error);
  return NULL;
}

struct line_channel *line_channel_connect(const wchar_t *name, DWORD milliseconds, const struct line_handler *handler,
                                          struct failure *failure) {
  ULONGLONG deadline = GetTickCount64() + milliseconds;
  for (;;) {
    // Whoever made the pipe learns who we are, but may not act as us.
    DWORD flags = FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION;
    HANDLE pipe = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, flags, NULL);
    if (pipe != INVALID_HANDLE_VALUE) return start(pipe, false, handler, failure);
    DWORD error = GetLastError();
    bool may_come = error == ERROR_PIPE_BUSY || error == ERROR_FILE_NOT_FOUND;
    if (!may_come || GetTickCount64() >= deadline) {
      fail(failure, EXIT_UNEXPECTED, "The other program does not answer (error %lu).", error);
      return NULL;
    }
    Sleep(50);
  }
}

bool line_channel_send(struct line_channel *channel, const char *line) {
  size_t size = strlen(line);
  if (!channel->connected || size >= LINE_MAX_SIZE) return false;
  char *whole = malloc(size + 1);
  if (!whole) return false;
  memcpy(whole, line, size);
  whole[size] = '\n';
  EnterCriticalSection(&channel->sending);
  OVERLAPPED operation = {.hEvent = channel->write_done};
  DWORD moved = 0;
  bool begun = WriteFile(channel->pipe, whole, (DWORD)size + 1, NULL, &operation) ||
               GetLastError() == ERROR_IO_PENDING;
  bool ok = begun && finish(channel, &operation, SEND_TIMEOUT_MS, &moved) && moved == size + 1;
  LeaveCriticalSection(&channel->sending);
  free(whole);
  return ok;
}

DWORD line_channel_client(struct line_channel *channel) {
  ULONG id = 0;
  return GetNamedPipeClientProcessId(channel->pipe, &id) ? id : 0;
}

void line_channel_close(struct line_channel *channel) {
  if (!channel) return;
  SetEvent(channel->stop);
  DWORD moved;
  if (channel->thread) WaitForSingleObject(channel->thread, INFINITE);
  // Nothing may be written to its room once that is gone.
  if (channel->is_under_way && (CancelIoEx(channel->pipe, &channel->operation) || GetLastError() == ERROR_NOT_FOUND)) {
    GetOverlappedResult(channel->pipe, &channel->operation, &moved, TRUE);
  }
  release(channel);
}
