/*
 * One direction of an emulated link: a queue in front of a transmitter of limited rate (the bottleneck), then a wire
 * that loses and delays. All times in nanoseconds of CLOCK_MONOTONIC.
 */
#ifndef GC_LINK_DIRECTION_H
#define GC_LINK_DIRECTION_H

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct packet {
  struct packet *next;
  /* When it arrived; when its last bit leaves the transmitter, then when it reaches the other end. */
  int64_t arrived, due;
  unsigned length;
  unsigned char data[];
};

struct fifo {
  struct packet *head, **tail;
};

/* What happens to a packet, counted since the last reset. */
struct counts {
  uint64_t bytes, packets, lost, dropped, cut;
  /* Bytes that the rate allowed while the link was up. */
  double capacity;
  /* How much later than due packets were handed over, in nanoseconds: the emulator's own fault. */
  double late;
  int64_t latest;
  /* Waiting time of each packet before its first bit was sent, in microseconds. */
  uint32_t *waits;
  size_t waits_used, waits_room;
};

struct direction {
  int from, to;
  /* Settings. Rate in bits a second, 0 for no limit; a limit of 0 is none. */
  double rate, loss, burst_enter, burst_leave, burst_loss;
  int64_t delay, jitter, queue_time;
  uint64_t queue_bytes;
  int is_cut;
  /* State. */
  struct fifo queue, wire;
  uint64_t backlog, random;
  int64_t last_due, capacity_until;
  int in_burst;
  struct counts total, sample;
};

static inline void fifo_init(struct fifo *f) {
  f->head = NULL;
  f->tail = &f->head;
}

static inline void fifo_put(struct fifo *f, struct packet *p) {
  p->next = NULL;
  *f->tail = p;
  f->tail = &p->next;
}

static inline struct packet *fifo_take(struct fifo *f) {
  struct packet *p = f->head;
  f->head = p->next;
  if (!f->head) f->tail = &f->head;
  return p;
}

/* Uniform in [0, 1): xorshift64*, so that a seed gives the same losses again. */
static inline double chance(struct direction *d) {
  d->random ^= d->random >> 12;
  d->random ^= d->random << 25;
  d->random ^= d->random >> 27;
  return (double)((d->random * 2685821657736338717ull) >> 11) / 9007199254740992.0;
}

static inline void count_wait(struct counts *c, int64_t wait) {
  if (c->waits_used == c->waits_room) {
    size_t room = c->waits_room ? 2 * c->waits_room : 1024;
    uint32_t *more = realloc(c->waits, room * sizeof *more);
    if (!more) return;
    c->waits = more;
    c->waits_room = room;
  }
  c->waits[c->waits_used++] = (uint32_t)(wait / 1000);
}

static inline void reset_counts(struct counts *c) {
  uint32_t *waits = c->waits;
  size_t room = c->waits_room;
  memset(c, 0, sizeof *c);
  c->waits = waits;
  c->waits_room = room;
}

static inline int64_t send_time(const struct direction *d, double bits) {
  return d->rate > 0 ? (int64_t)ceil(bits * 1e9 / d->rate) : 0;
}

/* Its first bit goes out now. */
static inline void start(struct direction *d, struct packet *p, int64_t now) {
  count_wait(&d->total, now - p->arrived);
  count_wait(&d->sample, now - p->arrived);
  p->due = now + send_time(d, p->length * 8.0);
}

/* Gilbert-Elliott: a state that may change with each packet, and a loss of its own in each. */
static inline int is_lost(struct direction *d) {
  double change = chance(d);
  if (d->in_burst ? change < d->burst_leave : change < d->burst_enter) d->in_burst = !d->in_burst;
  return chance(d) < (d->in_burst ? d->burst_loss : d->loss);
}

static inline void count_capacity(struct direction *d, int64_t now) {
  double bytes = d->is_cut ? 0 : d->rate / 8 * (double)(now - d->capacity_until) / 1e9;
  d->total.capacity += bytes;
  d->sample.capacity += bytes;
  d->capacity_until = now;
}

/* Takes a packet off the sender; drops it where the queue is full. */
static inline void arrive(struct direction *d, struct packet *p, int64_t now) {
  int is_full = (d->queue_bytes && d->backlog + p->length > d->queue_bytes) ||
                (d->queue_time && d->rate > 0 && send_time(d, d->backlog * 8.0) > d->queue_time);
  /* What is being sent right now is no longer in anybody's queue: one packet always fits. */
  if (is_full && d->queue.head) {
    d->total.dropped++;
    d->sample.dropped++;
    free(p);
    return;
  }
  p->arrived = now;
  int was_idle = !d->queue.head;
  fifo_put(&d->queue, p);
  d->backlog += p->length;
  if (was_idle) start(d, p, now);
}

/* The last bit has left the transmitter: it is on the wire, or gone. */
static inline void leave(struct direction *d, struct packet *p) {
  int lost = is_lost(d);
  if (d->is_cut || lost) {
    uint64_t *total = d->is_cut ? &d->total.cut : &d->total.lost, *sample = d->is_cut ? &d->sample.cut : &d->sample.lost;
    ++*total;
    ++*sample;
    free(p);
    return;
  }
  p->due += d->delay + (int64_t)((2 * chance(d) - 1) * (double)d->jitter);
  /* Jitter shakes packets but does not let one overtake another. */
  if (p->due < d->last_due) p->due = d->last_due;
  d->last_due = p->due;
  fifo_put(&d->wire, p);
}

static inline void deliver(struct direction *d, struct packet *p, int64_t now) {
  int64_t late = now - p->due;
  d->total.late += (double)late;
  if (late > d->total.latest) d->total.latest = late;
  /* A receiver that is down or full loses it, as a real one would. */
  if (write(d->to, p->data, p->length) == (ssize_t)p->length) {
    d->total.bytes += p->length;
    d->sample.bytes += p->length;
    d->total.packets++;
    d->sample.packets++;
  } else {
    d->total.lost++;
    d->sample.lost++;
  }
  free(p);
}

/* Does what is due by now; returns when something is due next, INT64_MAX for never. */
static inline int64_t advance(struct direction *d, int64_t now) {
  while (d->queue.head && d->queue.head->due <= now) {
    struct packet *p = fifo_take(&d->queue);
    int64_t free_at = p->due;
    d->backlog -= p->length;
    leave(d, p);
    if (d->queue.head) start(d, d->queue.head, free_at > d->queue.head->arrived ? free_at : d->queue.head->arrived);
  }
  while (d->wire.head && d->wire.head->due <= now) deliver(d, fifo_take(&d->wire), now);
  int64_t next = d->queue.head ? d->queue.head->due : INT64_MAX;
  return d->wire.head && d->wire.head->due < next ? d->wire.head->due : next;
}

/* Changes the rate, also for what is left of the packet that is being sent. */
static inline void set_rate(struct direction *d, double rate, int64_t now) {
  count_capacity(d, now);
  double bits_left = d->queue.head ? (double)(d->queue.head->due - now) * d->rate / 1e9 : 0;
  d->rate = rate;
  if (d->queue.head) d->queue.head->due = now + send_time(d, bits_left);
}

#endif
