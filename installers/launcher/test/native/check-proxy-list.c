#include "../../common/parse/proxy-list.h"
#include "check.h"

static const char *proxy(const char *list, bool is_secure) {
  static char out[64];
  return proxy_for_scheme(list, is_secure, out, sizeof out) ? out : "none";
}

void check_proxy_list(void) {
  CHECK_TEXT(proxy("proxy.corp:8080", true), "proxy.corp:8080");
  CHECK_TEXT(proxy("http://proxy.corp:8080/", true), "proxy.corp:8080");
  CHECK_TEXT(proxy("http=a:1;https=b:2;ftp=c:3", true), "b:2");
  CHECK_TEXT(proxy("http=a:1;https=b:2", false), "a:1");
  CHECK_TEXT(proxy("a:1 b:2", true), "a:1");
  CHECK_TEXT(proxy("a:1;HTTPS=b:2", true), "b:2");
  CHECK_TEXT(proxy("[::1]:3128", true), "[::1]:3128");
  CHECK_TEXT(proxy("http=a:1", true), "none");
  CHECK_TEXT(proxy("socks=a:1", true), "none");
  CHECK_TEXT(proxy(" ; ", true), "none");
  CHECK_TEXT(proxy("", false), "none");
  CHECK_TEXT(proxy("user:word@a:1", true), "none");
  CHECK_TEXT(proxy("a-name-that-is-much-longer-than-there-is-room-for-in-the-answer.example:1", true), "none");
  CHECK(proxy_is_bypassed("<local>", "server"));
  CHECK(!proxy_is_bypassed("<local>", "server.corp"));
  CHECK(!proxy_is_bypassed("<local>", "::1"));
  CHECK(proxy_is_bypassed("localhost;*.corp", "help.CORP"));
  CHECK(!proxy_is_bypassed("*.corp", "corp.example"));
  CHECK(proxy_is_bypassed("192.168.*", "192.168.7.1"));
  CHECK(proxy_is_bypassed("a.b:443", "a.b"));
  CHECK(proxy_is_bypassed("https://a.b", "a.b"));
  CHECK(proxy_is_bypassed("*", "anything"));
  CHECK(proxy_is_bypassed("a*c*e", "abcde"));
  CHECK(!proxy_is_bypassed("a*c*f", "abcde"));
  CHECK(!proxy_is_bypassed("", "a.b"));
}
