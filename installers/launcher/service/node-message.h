#ifndef GURUCONNECT_NODE_MESSAGE_H
#define GURUCONNECT_NODE_MESSAGE_H

#include "../common/parse/json.h"

/** What a node says on its pipe, as far as the service cares. */
enum node_message_type {
  NODE_MESSAGE_OTHER,
  NODE_MESSAGE_READY,
  NODE_MESSAGE_OVER,
  NODE_MESSAGE_SAS,
  NODE_MESSAGE_CHECK_IN_DONE,
};

struct node_message {
  enum node_message_type type;
  /** Of a check-in: when the next is due; 0 when it was not said. */
  int64_t check_in_seconds;
  /** What went wrong; empty for nothing. */
  char text[320];
};

/** Reads one line; whatever is not known is NODE_MESSAGE_OTHER. */
void node_message_read(const struct json *json, struct node_message *message);

#endif
