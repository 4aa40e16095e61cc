#include "support-request.h"

#include <windows.h>

#include <lmcons.h>
#include <stdio.h>
#include <stdlib.h>

#include "../common/parse/text-buffer.h"
#include "../common/win/line-channel.h"
#include "../common/win/text-windows.h"

#define PIPE L"\\\\.\\pipe\\GuruConnectTray"
#define CONNECT_MS 3000
/** The service has to reach the server in that time. */
#define ANSWER_MS 40000

struct answer {
  HANDLE came;
  bool is_sent;
  char problem[320];
};

static void on_message(void *context, const struct json *json) {
  struct answer *answer = context;
  answer->is_sent = json_is(json, json_member(json, json->nodes, "type"), "sent");
  json_text(json, json_member(json, json->nodes, "text"), answer->problem, sizeof answer->problem);
  SetEvent(answer->came);
}

static void on_end(void *context) {
  struct answer *answer = context;
  SetEvent(answer->came);
}

static bool make_line(const wchar_t *message, char *line, size_t capacity) {
  wchar_t user[UNLEN + 1] = L"";
  char text[SUPPORT_MESSAGE_MAX * 3 + 1], name[UNLEN * 3 + 1];
  DWORD size = UNLEN + 1;
  GetUserNameW(user, &size);
  if (!from_wide(message, text, sizeof text) || !from_wide(user, name, sizeof name)) return false;
  struct text_buffer buffer = text_buffer_over(line, capacity);
  text_add(&buffer, "{");
  text_add_json_member(&buffer, "type", "request-support");
  text_add_json_member(&buffer, "message", text);
  text_add_json_member(&buffer, "user", name);
  text_add(&buffer, "}");
  return !buffer.overflow;
}

bool support_request_send(const wchar_t *message, struct failure *failure) {
  struct answer answer = {.came = CreateEventW(NULL, TRUE, FALSE, NULL)};
  struct line_handler handler = {.context = &answer, .on_message = on_message, .on_end = on_end};
  char line[SUPPORT_MESSAGE_MAX * 6 + 2048];
  bool ok = make_line(message, line, sizeof line) || fail(failure, EXIT_UNEXPECTED, "The message is too long.");
  struct line_channel *channel = ok ? line_channel_connect(PIPE, CONNECT_MS, &handler, failure) : NULL;
  if (ok && !channel) fail(failure, EXIT_UNEXPECTED, "GuruConnect does not run on this computer.");
  if (channel) {
    bool is_told = line_channel_send(channel, line) && WaitForSingleObject(answer.came, ANSWER_MS) == WAIT_OBJECT_0;
    line_channel_close(channel);
    if (is_told && answer.is_sent) return CloseHandle(answer.came), true;
    fail(failure, EXIT_NO_NETWORK, "%s", answer.problem[0] ? answer.problem : "Your request could not be sent.");
  }
  CloseHandle(answer.came);
  return false;
}
