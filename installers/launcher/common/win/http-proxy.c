#include "http-proxy.h"

#include <windows.h>
#include <winhttp.h>

#include <stdlib.h>
#include <string.h>

#include "../parse/proxy-list.h"
#include "log.h"
#include "text-windows.h"

enum {
  LIST_CAPACITY = 2048,
  /** For each step of finding and asking a network's own script. */
  TIMEOUT_MS = 5000,
  STACK_BYTES = 256 * 1024,
};

/** Whether lists of Windows name a proxy for our server. */
static bool choose(const struct config *config, const wchar_t *proxies, const wchar_t *exceptions,
                   struct http_proxy *proxy) {
  char list[LIST_CAPACITY];
  if (exceptions && from_wide(exceptions, list, sizeof list) && proxy_is_bypassed(list, config->host)) return false;
  return proxies && from_wide(proxies, list, sizeof list) &&
         proxy_for_scheme(list, config->is_secure, proxy->server, sizeof proxy->server);
}

/** WinHTTP allocates what it tells by GlobalAlloc. */
static void release(void *text) {
  if (text) GlobalFree(text);
}

bool http_proxy_of_machine(const struct config *config, struct http_proxy *proxy) {
  WINHTTP_PROXY_INFO info = {0};
  proxy->server[0] = '\0';
  if (!WinHttpGetDefaultProxyConfiguration(&info)) return false;
  bool is_named = info.dwAccessType == WINHTTP_ACCESS_TYPE_NAMED_PROXY &&
                  choose(config, info.lpszProxy, info.lpszProxyBypass, proxy);
  release(info.lpszProxy);
  release(info.lpszProxyBypass);
  return is_named;
}

/** By the script at an address, or (NULL) by the one that the network announces. True when it gave an answer. */
static bool ask_script(const struct config *config, const wchar_t *address, struct http_proxy *proxy) {
  wchar_t origin[520];
  WINHTTP_PROXY_INFO info = {0};
  WINHTTP_AUTOPROXY_OPTIONS options = {.dwFlags = WINHTTP_AUTOPROXY_CONFIG_URL, .lpszAutoConfigUrl = address};
  if (!address) {
    options.dwFlags = WINHTTP_AUTOPROXY_AUTO_DETECT;
    options.dwAutoDetectFlags = WINHTTP_AUTO_DETECT_TYPE_DHCP | WINHTTP_AUTO_DETECT_TYPE_DNS_A;
  }
  HINTERNET session = WinHttpOpen(L"GuruConnect", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
  if (!session) return false;
  WinHttpSetTimeouts(session, TIMEOUT_MS, TIMEOUT_MS, TIMEOUT_MS, TIMEOUT_MS);
  bool is_answered = format_wide(origin, 520, L"%hs/", config->origin) &&
                     WinHttpGetProxyForUrl(session, origin, &options, &info);
  if (is_answered && info.dwAccessType == WINHTTP_ACCESS_TYPE_NAMED_PROXY) {
    choose(config, info.lpszProxy, info.lpszProxyBypass, proxy);
  }
  release(info.lpszProxy);
  release(info.lpszProxyBypass);
  WinHttpCloseHandle(session);
  return is_answered;
}

bool http_proxy_find(const struct config *config, struct http_proxy *proxy) {
  WINHTTP_CURRENT_USER_IE_PROXY_CONFIG user = {0};
  if (http_proxy_of_machine(config, proxy)) return true;
  if (!WinHttpGetIEProxyConfigForCurrentUser(&user)) return false;
  bool is_answered = (user.fAutoDetect && ask_script(config, NULL, proxy)) ||
                     (user.lpszAutoConfigUrl && ask_script(config, user.lpszAutoConfigUrl, proxy));
  if (!is_answered) choose(config, user.lpszProxy, user.lpszProxyBypass, proxy);
  release(user.lpszAutoConfigUrl);
  release(user.lpszProxy);
  release(user.lpszProxyBypass);
  return proxy->server[0] != '\0';
}

struct http_proxy_search {
  const struct config *config;
  HANDLE thread;
  struct http_proxy proxy;
};

static DWORD WINAPI search(void *context) {
  struct http_proxy_search *running = context;
  http_proxy_find(running->config, &running->proxy);
  return 0;
}

struct http_proxy_search *http_proxy_search_begin(const struct config *config) {
  struct http_proxy_search *begun = calloc(1, sizeof *begun);
  if (!begun) return NULL;
  begun->config = config;
  begun->thread = CreateThread(NULL, STACK_BYTES, search, begun, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
  return begun;
}

void http_proxy_search_end(struct http_proxy_search *begun, unsigned milliseconds, struct http_proxy *proxy) {
  proxy->server[0] = '\0';
  if (!begun) return;
  bool is_done = begun->thread && WaitForSingleObject(begun->thread, milliseconds) == WAIT_OBJECT_0;
  if (is_done) *proxy = begun->proxy;
  else if (begun->thread) log_line("the network did not say in time whether there is a proxy");
  if (begun->thread) CloseHandle(begun->thread);
  // The thread of one that was not waited for still writes to it.
  if (is_done || !begun->thread) free(begun);
}
