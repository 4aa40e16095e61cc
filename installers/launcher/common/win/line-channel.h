#ifndef GURUCONNECT_LINE_CHANNEL_H
#define GURUCONNECT_LINE_CHANNEL_H

#include <windows.h>

#include "../parse/failure.h"
#include "../parse/json.h"

#define LINE_MAX_SIZE 65536

/**
 * A named pipe that carries JSON lines (UTF-8, at most 64 KiB each) both ways. A thread of its own reads; what comes in
 * goes to `on_message`, one after the other. A line that is no JSON object, or longer, ends the connection.
 */
struct line_channel;

struct line_handler {
  void *context;
  /** `json` is valid during the call only. The other side has connected when the first comes, or `on_open` is called. */
  void (*on_message)(void *context, const struct json *json);
  /** Called once someone has connected; may be NULL. */
  void (*on_open)(void *context);
  /** Called once, last, when the connection is over and `line_channel_close` was not called; may be NULL. */
  void (*on_end)(void *context);
  /** No thread: whoever made it waits for `line_channel_event` and calls `line_channel_pump`, which calls these. */
  bool is_pumped;
};

/** A fresh name `\\.\pipe\guruconnect-<32 hex>`. */
bool pipe_name_make(wchar_t name[64], struct failure *failure);

/**
 * Another kind of such a name: different each time and not secret, for whoever wants no library for random numbers. Its
 * access list keeps others out; where somebody has taken the name before, `line_channel_listen` fails.
 */
void pipe_name_unique(wchar_t name[64]);

/**
 * Makes a pipe and waits, in the background, for one to connect. `acl` is one of security.h; remote clients are
 * refused. NULL when it cannot be made.
 */
struct line_channel *line_channel_listen(const wchar_t *name, const wchar_t *acl, const struct line_handler *handler,
                                         struct failure *failure);

/** Connects to a pipe that another program made, waiting for it at most `milliseconds`. */
struct line_channel *line_channel_connect(const wchar_t *name, DWORD milliseconds, const struct line_handler *handler,
                                          struct failure *failure);

/** Sends one line, given without its end. From any thread; waits at most 5 s. False when nobody is there to take it. */
bool line_channel_send(struct line_channel *channel, const char *line);

/** Of a pumped one: set when there is something to do. */
HANDLE line_channel_event(const struct line_channel *channel);

/** Of a pumped one: takes what has come, and does nothing when nothing has. */
void line_channel_pump(struct line_channel *channel);

/** Process id of who connected to a pipe made by `line_channel_listen`; 0 when unknown. */
DWORD line_channel_client(struct line_channel *channel);

/** Ends it and waits for its thread. Not from within a handler. */
void line_channel_close(struct line_channel *channel);

#endif
