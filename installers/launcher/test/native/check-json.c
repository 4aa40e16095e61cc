#include "../../common/parse/json.h"
#include "check.h"

static struct json_node nodes[64];
static struct json json;

static int parses(const char *text) { return json_parse(&json, text, strlen(text), nodes, 64); }

static const char *member(const char *name) {
  static char text[64];
  return json_text(&json, json_member(&json, json.nodes, name), text, sizeof text) ? text : "none";
}

static void check_syntax(void) {
  static const char *const good[] = {
      "null", " true ", "0", "-1", "1.5e-3", "\"\"", "[]", "{}", "[1,[2,{\"a\":null}]]", "{\"a\":1,\"b\":{\"c\":[]}}",
      "\"\\u00fc\\n\\/\"", "\"\xc3\xbc\"",
  };
  static const char *const bad[] = {
      "", " ", "nul", "truex", "01", "-", "1.", ".5", "1e", "+1", "'a'", "\"", "\"\\x\"", "\"\\u12\"", "\"\n\"", "[1,]",
      "[1 2]", "{\"a\"}", "{a:1}", "{\"a\":1,}", "[", "{", "]", "1 2", "\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"",
      "// no\n1", "NaN",
  };
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) CHECK(parses(good[i]));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    if (parses(bad[i])) printf("took %s\n", bad[i]);
    CHECK(!parses(bad[i]));
  }
}

static void check_bounds(void) {
  char deep[101];
  memset(deep, '[', 50);
  memset(deep + 50, ']', 50);
  deep[100] = '\0';
  CHECK(!parses(deep));
  CHECK(!json_parse(&json, "[1,2,3]", 7, nodes, 3));
  CHECK(json_parse(&json, "[1,2,3]", 7, nodes, 4));
  // What follows the given size is not looked at.
  CHECK(json_parse(&json, "12345", 2, nodes, 4));
  CHECK(!json_parse(&json, "1\0", 2, nodes, 4));
}

static void check_values(void) {
  int64_t number = 0;
  char small[4];
  CHECK(parses("{\"x\":{\"type\":\"no\"},\"type\":\"state\",\"t\":\"a\\u00fc\\ud83d\\ude00\\\\\",\"n\":-42,\"f\":1.5,"
               "\"big\":12345678901234567890,\"z\":\"a\\u0000b\",\"half\":\"\\ud83d\"}"));
  CHECK_TEXT(member("type"), "state");
  CHECK_TEXT(member("t"), "a\xc3\xbc\xf0\x9f\x98\x80\\");
  CHECK_TEXT(member("missing"), "none");
  CHECK_TEXT(member("n"), "none");
  CHECK_TEXT(member("z"), "none");
  CHECK_TEXT(member("half"), "none");
  CHECK(json_is(&json, json_member(&json, json.nodes, "type"), "state"));
  CHECK(json_integer(&json, json_member(&json, json.nodes, "n"), &number) && number == -42);
  CHECK(!json_integer(&json, json_member(&json, json.nodes, "f"), &number));
  CHECK(!json_integer(&json, json_member(&json, json.nodes, "big"), &number));
  CHECK(!json_text(&json, json_member(&json, json.nodes, "type"), small, sizeof small) && small[0] == '\0');
  CHECK(parses("[[],[1,2],3]"));
  const struct json_node *one = json_first(&json, json.nodes);
  const struct json_node *two = json_next(&json, json.nodes, one), *three = json_next(&json, json.nodes, two);
  CHECK(one->type == JSON_ARRAY && !json_first(&json, one));
  CHECK(two->type == JSON_ARRAY && three->type == JSON_NUMBER && !json_next(&json, json.nodes, three));
}

void check_json(void) {
  check_syntax();
  check_bounds();
  check_values();
}
