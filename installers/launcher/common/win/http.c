#include "http.h"

#include <stdlib.h>
#include <string.h>

#include "http-proxy.h"
#include "http-trust.h"
#include "log.h"
#include "text-windows.h"

/** A server that says nothing for so long is not there. */
#define TIMEOUT_MS 30000

/** By the machine's proxy where one is set for all programs, else by what this user is set to, scripts included. */
static HINTERNET open_session(const struct config *config) {
  wchar_t agent[80], server[280];
  struct http_proxy proxy;
  format_wide(agent, 80, L"GuruConnect/%hs (Windows)", config->version);
  if (http_proxy_of_machine(config, &proxy) && to_wide(proxy.server, server, 280)) {
    return WinHttpOpen(agent, WINHTTP_ACCESS_TYPE_NAMED_PROXY, server, WINHTTP_NO_PROXY_BYPASS, 0);
  }
  HINTERNET session = WinHttpOpen(agent, WINHTTP_ACCESS_TYPE_AUTOMATIC_PROXY, NULL, NULL, 0);
  // Windows 7 knows only the older kind.
  return session ? session : WinHttpOpen(agent, WINHTTP_ACCESS_TYPE_DEFAULT_PROXY, NULL, NULL, 0);
}

bool http_open(struct http_client *client, const struct config *config, struct failure *failure) {
  wchar_t host[260];
  *client = (struct http_client){.config = config};
  if (config->ca[0] != '\0' && !(client->trust = http_trust_make(config->ca, failure))) return false;
  to_wide(config->host, host, 260);
  client->session = open_session(config);
  if (client->session) {
    WinHttpSetTimeouts(client->session, TIMEOUT_MS, TIMEOUT_MS, TIMEOUT_MS, TIMEOUT_MS);
    client->connection = WinHttpConnect(client->session, host, config->port, 0);
  }
  if (client->connection) return true;
  DWORD error = GetLastError();
  http_close(client);
  return fail(failure, EXIT_NO_NETWORK, "Windows does not give this program the network (error %lu).", error);
}

void http_close(struct http_client *client) {
  if (client->connection) WinHttpCloseHandle(client->connection);
  if (client->session) WinHttpCloseHandle(client->session);
  http_trust_free(client->trust);
  client->connection = client->session = NULL;
  client->trust = NULL;
}

static bool is_cancelled(const struct http_client *client) { return client->cancelled && *client->cancelled; }

static bool is_about_certificates(DWORD error) {
  return error == ERROR_WINHTTP_SECURE_FAILURE || error == ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED ||
         (error >= ERROR_WINHTTP_SECURE_CERT_DATE_INVALID && error <= ERROR_WINHTTP_SECURE_INVALID_CA) ||
         error == ERROR_WINHTTP_SECURE_CERT_REV_FAILED || error == ERROR_WINHTTP_SECURE_CHANNEL_ERROR ||
         error == ERROR_WINHTTP_SECURE_INVALID_CERT || error == ERROR_WINHTTP_SECURE_CERT_REVOKED ||
         error == ERROR_WINHTTP_SECURE_CERT_WRONG_USAGE;
}

bool http_fail(const struct http_client *client, DWORD error, struct failure *failure) {
  const char *host = client->config->host;
  log_line("no answer from %s: error %lu", host, error);
  if (is_cancelled(client)) return fail(failure, EXIT_CANCELLED, "Cancelled.");
  if (http_trust_refused(client->trust) || is_about_certificates(error)) {
    return fail(failure, EXIT_UNTRUSTED_SERVER,
                "This computer does not trust the certificate of %s, so the connection was ended. The date and time "
                "of this computer may be wrong, or somebody stands between it and the server.",
                host);
  }
  if (error == ERROR_WINHTTP_NAME_NOT_RESOLVED) {
    return fail(failure, EXIT_NO_NETWORK, "%s cannot be found. Is this computer connected to the internet?", host);
  }
  if (error == ERROR_WINHTTP_TIMEOUT) {
    return fail(failure, EXIT_NO_NETWORK, "%s does not answer. Is this computer connected to the internet?", host);
  }
  return fail(failure, EXIT_NO_NETWORK, "%s cannot be reached (error %lu).", host, error);
}

static HINTERNET open_request(struct http_client *client, const struct http_request *wanted) {
  wchar_t path[1024], host[260];
  if (!to_wide(wanted->path, path, 1024) || !to_wide(client->config->host, host, 260)) return NULL;
  HINTERNET request =
      WinHttpOpenRequest(client->connection, wanted->method, path, NULL, WINHTTP_NO_REFERER,
                         WINHTTP_DEFAULT_ACCEPT_TYPES, client->config->is_secure ? WINHTTP_FLAG_SECURE : 0);
  // The server is the one that this program was made for, and no other that it may name.
  DWORD never = WINHTTP_OPTION_REDIRECT_POLICY_NEVER;
  bool ok = request && WinHttpSetOption(request, WINHTTP_OPTION_REDIRECT_POLICY, &never, sizeof never) &&
            (!wanted->upgrade || WinHttpSetOption(request, WINHTTP_OPTION_UPGRADE_TO_WEB_SOCKET, NULL, 0)) &&
            (!client->trust || !client->config->is_secure || http_trust_apply(client->trust, request, host));
  if (ok) return request;
  if (request) WinHttpCloseHandle(request);
  return NULL;
}

HINTERNET http_send(struct http_client *client, const struct http_request *wanted, int *status,
                    struct failure *failure) {
  DWORD code = 0, size = sizeof code;
  HINTERNET request = open_request(client, wanted);
  bool ok = request &&
            WinHttpSendRequest(request, wanted->headers ? wanted->headers : WINHTTP_NO_ADDITIONAL_HEADERS,
                               wanted->headers ? (DWORD)-1 : 0, (void *)wanted->body, (DWORD)wanted->body_size,
                               (DWORD)wanted->body_size, (DWORD_PTR)client->trust) &&
            WinHttpReceiveResponse(request, NULL) &&
            WinHttpQueryHeaders(request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER, NULL, &code, &size,
                                NULL);
  DWORD error = GetLastError();
  *status = (int)code;
  if (ok) return request;
  if (request && !http_trust_refused(client->trust)) WinHttpCloseHandle(request);
  http_fail(client, error, failure);
  return NULL;
}

/** Reads a body into memory, at most `capacity` bytes. */
static bool read_body(struct http_client *client, HINTERNET request, uint8_t *body, size_t capacity, size_t *size,
                      struct failure *failure) {
  *size = 0;
  for (;;) {
    DWORD got = 0;
    uint8_t beyond;
    bool full = *size == capacity;
    DWORD room = full ? 1 : capacity - *size > 65536 ? 65536 : (DWORD)(capacity - *size);
    if (!WinHttpReadData(request, full ? &beyond : body + *size, room, &got)) {
      return http_fail(client, GetLastError(), failure);
    }
    if (got == 0) return true;
    if (full) return fail(failure, EXIT_SERVER_REFUSED, "The server's answer is longer than it may be.");
    if (is_cancelled(client)) return fail(failure, EXIT_CANCELLED, "Cancelled.");
    *size += got;
  }
}

bool http_refused(struct http_client *client, HINTERNET request, int status, struct failure *failure) {
  char text[200];
  size_t size = 0;
  struct failure ignored;
  if (!read_body(client, request, (uint8_t *)text, sizeof text - 1, &size, &ignored)) size = 0;
  text[size] = '\0';
  for (char *c = text; *c; c++) {
    if ((unsigned char)*c < 0x20) *c = ' ';
  }
  log_line("the server answered %d: %s", status, text);
  bool is_sentence = size > 0 && text[0] != '<' && text[0] != '{';
  if (is_sentence) return fail(failure, EXIT_SERVER_REFUSED, "The server says: %s", text);
  return fail(failure, EXIT_SERVER_REFUSED, "The server does not give what this program needs (answer %d).", status);
}

bool http_get(struct http_client *client, const char *path, const wchar_t *headers, void *body, size_t capacity,
              size_t *size, struct failure *failure) {
  struct http_request wanted = {.method = L"GET", .path = path, .headers = headers};
  int status;
  HINTERNET request = http_send(client, &wanted, &status, failure);
  if (!request) return false;
  bool ok = status == 200 ? read_body(client, request, body, capacity, size, failure)
                          : http_refused(client, request, status, failure);
  WinHttpCloseHandle(request);
  return ok;
}

bool http_post_json(struct http_client *client, const char *path, const wchar_t *headers, const char *json,
                    char *answer, size_t capacity, int *status, struct failure *failure) {
  wchar_t all[2048];
  size_t size = 0;
  format_wide(all, 2048, L"Content-Type: application/json\r\n%ls", headers ? headers : L"");
  struct http_request wanted = {
      .method = L"POST", .path = path, .headers = all, .body = json, .body_size = strlen(json)};
  HINTERNET request = http_send(client, &wanted, status, failure);
  if (!request) return false;
  bool ok = read_body(client, request, (uint8_t *)answer, capacity - 1, &size, failure);
  answer[size] = '\0';
  WinHttpCloseHandle(request);
  return ok;
}
