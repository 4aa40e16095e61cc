#ifndef GURUCONNECT_EVENT_QUEUE_H
#define GURUCONNECT_EVENT_QUEUE_H

#include <windows.h>

#include "presence-frames.h"

/** What the threads of the service tell its main one, which alone decides. */
enum core_event_type {
  /** The service or the computer stops. */
  EVENT_STOP,
  /** Another person sits at the computer's own screen now. */
  EVENT_SESSION_CHANGE,
  /** The version on trial was accepted by the stub. */
  EVENT_PROMOTED,
  EVENT_LINE_UP,
  /** `text` says what people can do about it; empty for a line that broke. */
  EVENT_LINE_DOWN,
  /** `frame` is what the server wants. */
  EVENT_SERVER,
  /** The node `number` is connected. */
  EVENT_NODE_OPEN,
  /** The node `number` said `text`, see node-message.h. */
  EVENT_NODE_SAID,
  /** A background job ended; `number` is its exit code, `text` what went wrong. */
  EVENT_JOB_DONE,
};

struct core_event {
  enum core_event_type type;
  int number;
  /** Tells nodes of the same place apart. */
  uint32_t serial;
  struct presence_frame frame;
  int64_t value;
  char text[320];
};

/** A queue of any number of writers and one reader, of fixed size: what it costs never grows. */
struct event_queue;

struct event_queue *event_queue_create(void);

/** Set while something waits. */
HANDLE event_queue_ready(struct event_queue *queue);

/** Adds a copy; waits a few seconds while the queue is full, then leaves it out. */
void event_queue_put(struct event_queue *queue, const struct core_event *event);

/** An event that carries nothing more. */
void event_queue_tell(struct event_queue *queue, enum core_event_type type);

/** The oldest; false when there is none. */
bool event_queue_take(struct event_queue *queue, struct core_event *event);

#endif
