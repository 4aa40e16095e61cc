#include "../../common/parse/config.h"
#include "check.h"
#include "samples.h"

static struct config config;

static int reads(const char *text) {
  struct failure failure = {0};
  int ok = config_parse(&config, text, strlen(text), &failure);
  if (!ok) CHECK(failure.code == EXIT_NOT_CONFIGURED && failure.text[0] != '\0');
  return ok;
}

static int is_origin(const char *origin) {
  bool secure;
  char host[256];
  uint16_t port;
  return origin_parse(origin, &secure, host, sizeof host, &port);
}

static void check_origins(void) {
  static const char *const bad[] = {
      "", "https://", "ftp://x", "//x", "https://x/", "https://x:0", "https://x:65536", "https://x:", "https://x:12a",
      "https://user@x", "https://x y", "https://x\\y", "https://[::1", "https://x?y", "https://x#y", "https://\xc3\xbc.de",
      "javascript:alert(1)",
  };
  bool secure;
  char host[256];
  uint16_t port;
  CHECK(origin_parse("https://help.example.com", &secure, host, sizeof host, &port) && secure && port == 443);
  CHECK_TEXT(host, "help.example.com");
  CHECK(origin_parse("http://127.0.0.1:18990", &secure, host, sizeof host, &port) && !secure && port == 18990);
  CHECK(origin_parse("https://[2001:db8::1]:8443", &secure, host, sizeof host, &port) && port == 8443);
  CHECK_TEXT(host, "2001:db8::1");
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    if (is_origin(bad[i])) printf("took %s\n", bad[i]);
    CHECK(!is_origin(bad[i]));
  }
}

void check_config(void) {
  check_origins();
  CHECK(reads(SAMPLE_CONFIG));
  CHECK_TEXT(config.origin, "https://help.example.com");
  CHECK_TEXT(config.company, "Acme \xc3\x9c");
  CHECK(config.release_key[0] == 0x6b && config.release_key[63] == 0xf5);
  CHECK(!reads("{}"));
  CHECK(!reads("[]"));
  CHECK(!reads(""));
  CHECK(!reads("{\"format\":2}"));
  // A key of another kind, and one that is cut off.
  CHECK(!reads("{\"format\":1,\"origin\":\"https://x\",\"releaseKey\":\"AAAA\",\"company\":\"\",\"version\":\"1.0\","
               "\"ca\":\"\"}"));
}
