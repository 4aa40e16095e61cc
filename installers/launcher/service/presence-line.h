#ifndef GURUCONNECT_PRESENCE_LINE_H
#define GURUCONNECT_PRESENCE_LINE_H

#include "../common/parse/config.h"
#include "event-queue.h"
#include "identity.h"

/**
 * The line of an enrolled machine to its server, made anew whenever it breaks, on a thread of its own. What it hears
 * goes into the queue: EVENT_LINE_UP, EVENT_LINE_DOWN, EVENT_SERVER.
 */
struct presence_line;

/** `config`, `identity` and `queue` must outlive it. NULL when there is no memory. */
struct presence_line *presence_line_open(const struct config *config, const struct identity *identity,
                                         struct event_queue *queue);

/** Gives the line up when nothing was heard for too long. To be called every few seconds. */
void presence_line_check(struct presence_line *line);

/** The network changed: what was waited for may work now, and what was up may be dead. */
void presence_line_reconnect(struct presence_line *line);

/** Says goodbye, so that the server need not find out by itself, and ends the thread. */
void presence_line_close(struct presence_line *line);

#endif
