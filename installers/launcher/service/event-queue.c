#include "event-queue.h"

#include <stdlib.h>

enum {
  PLACES = 16,
  /** Whoever fills the queue for longer loses what it says; the reader may be waiting for its thread to end. */
  LONGEST_WAIT_MS = 5000,
};

struct event_queue {
  CRITICAL_SECTION lock;
  CONDITION_VARIABLE has_room;
  HANDLE ready;
  struct core_event places[PLACES];
  unsigned first, count;
};

struct event_queue *event_queue_create(void) {
  struct event_queue *queue = calloc(1, sizeof *queue);
  if (!queue) return NULL;
  InitializeCriticalSection(&queue->lock);
  InitializeConditionVariable(&queue->has_room);
  queue->ready = CreateEventW(NULL, TRUE, FALSE, NULL);
  return queue;
}

HANDLE event_queue_ready(struct event_queue *queue) {
  return queue->ready;
}

void event_queue_put(struct event_queue *queue, const struct core_event *event) {
  EnterCriticalSection(&queue->lock);
  bool is_waiting = true;
  while (queue->count == PLACES && is_waiting) {
    is_waiting = SleepConditionVariableCS(&queue->has_room, &queue->lock, LONGEST_WAIT_MS);
  }
  if (queue->count == PLACES) {
    LeaveCriticalSection(&queue->lock);
    return;
  }
  queue->places[(queue->first + queue->count) % PLACES] = *event;
  queue->count++;
  SetEvent(queue->ready);
  LeaveCriticalSection(&queue->lock);
}

void event_queue_tell(struct event_queue *queue, enum core_event_type type) {
  struct core_event event = {.type = type};
  event_queue_put(queue, &event);
}

bool event_queue_take(struct event_queue *queue, struct core_event *event) {
  EnterCriticalSection(&queue->lock);
  bool has_one = queue->count > 0;
  if (has_one) {
    *event = queue->places[queue->first];
    queue->first = (queue->first + 1) % PLACES;
    queue->count--;
    if (queue->count == 0) ResetEvent(queue->ready);
    WakeConditionVariable(&queue->has_room);
  }
  LeaveCriticalSection(&queue->lock);
  return has_one;
}
