#include "node-message.h"

#include <string.h>

enum { LONGEST_INTERVAL = 86400 };

void node_message_read(const struct json *json, struct node_message *message) {
  const struct json_node *root = json->nodes;
  const struct json_node *type = json_member(json, root, "type");
  memset(message, 0, sizeof *message);
  if (json_is(json, type, "ready")) message->type = NODE_MESSAGE_READY;
  else if (json_is(json, type, "sas")) message->type = NODE_MESSAGE_SAS;
  else if (json_is(json, type, "over")) {
    message->type = NODE_MESSAGE_OVER;
    json_text(json, json_member(json, root, "text"), message->text, sizeof message->text);
  } else if (json_is(json, type, "check-in-done")) {
    int64_t seconds;
    message->type = NODE_MESSAGE_CHECK_IN_DONE;
    bool is_told = json_integer(json, json_member(json, root, "checkInSeconds"), &seconds);
    if (is_told && seconds >= 10 && seconds <= LONGEST_INTERVAL) message->check_in_seconds = seconds;
    json_text(json, json_member(json, root, "problem"), message->text, sizeof message->text);
  }
}
