#ifndef GURUCONNECT_NODE_PROCESS_H
#define GURUCONNECT_NODE_PROCESS_H

#include "../common/parse/config.h"
#include "../common/win/child.h"
#include "../common/win/http-proxy.h"
#include "../common/win/line-channel.h"
#include "event-queue.h"
#include "node-message.h"
#include "service-folders.h"

/** What every node of this service is started with. All of it outlives the nodes. */
struct node_setup {
  const struct config *config;
  const struct service_folders *folders;
  /** Folder of the unpacked pack. */
  const wchar_t *pack;
  /** The program that shows panels. */
  const wchar_t *ui;
  struct event_queue *queue;
  /** Where `node_run` leaves what it prints; NULL for the agent's log. */
  const wchar_t *output;
  /** How the server is reached; empty for directly, NULL for what the environment says. */
  const struct http_proxy *proxy;
};

/**
 * A node with a pipe: a session or a check-in. What it says becomes EVENT_NODE_SAID (`value` is the type of its
 * message); that it ended shows at its process.
 */
struct node {
  bool is_started;
  int number;
  uint32_t serial;
  struct child child;
  struct line_channel *channel;
  struct event_queue *queue;
  /** The Windows session that it runs in. */
  DWORD session;
  ULONGLONG started_at;
};

/** Starts `node main.mjs <mode>` with a pipe, on the desktop of `session`. `node->number` must be set. */
bool node_start(struct node *node, const struct node_setup *setup, const wchar_t *mode, DWORD session,
                struct failure *failure);

/** Whether its process has ended, and how. */
bool node_has_ended(const struct node *node, DWORD *code);

/** Ends what still runs and frees all of it. */
void node_close(struct node *node);

/**
 * Runs `node main.mjs <arguments>` to its end, at most `milliseconds`; without a pipe. `token_file` may be NULL.
 * False when it could not be started or took too long; `code` is what it returned.
 */
bool node_run(const struct node_setup *setup, const wchar_t *arguments, const wchar_t *token_file,
              DWORD milliseconds, DWORD *code, struct failure *failure);

#endif
