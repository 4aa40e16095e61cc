#include "json.h"

#include <string.h>

#include "utf8.h"

struct parser {
  const char *text;
  size_t size, at;
  struct json_node *nodes;
  uint32_t count, capacity;
};

static bool parse_value(struct parser *p, int depth);

static void skip_space(struct parser *p) {
  while (p->at < p->size && p->text[p->at] != '\0' && strchr(" \t\r\n", p->text[p->at])) p->at++;
}

static bool take(struct parser *p, char wanted) {
  if (p->at >= p->size || p->text[p->at] != wanted) return false;
  p->at++;
  return true;
}

static struct json_node *add_node(struct parser *p, enum json_type type) {
  if (p->count >= p->capacity) return NULL;
  struct json_node *node = &p->nodes[p->count++];
  node->type = type;
  node->start = node->end = (uint32_t)p->at;
  node->after = p->count;
  return node;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/** The four hex digits at `at`, or -1. */
static int32_t unit_at(const char *text, size_t at, size_t end) {
  if (end - at < 4) return -1;
  int32_t unit = 0;
  for (size_t i = at; i < at + 4; i++) {
    int digit = hex_digit(text[i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

static bool parse_escape(struct parser *p) {
  if (p->at >= p->size) return false;
  char kind = p->text[p->at++];
  if (kind == 'u') {
    if (unit_at(p->text, p->at, p->size) < 0) return false;
    p->at += 4;
    return true;
  }
  return kind != '\0' && strchr("\"\\/bfnrt", kind);
}

static bool parse_string(struct parser *p) {
  if (!take(p, '"')) return false;
  struct json_node *node = add_node(p, JSON_STRING);
  if (!node) return false;
  while (p->at < p->size && p->text[p->at] != '"') {
    unsigned char c = (unsigned char)p->text[p->at++];
    if (c < 0x20) return false;
    if (c == '\\' && !parse_escape(p)) return false;
  }
  node->end = (uint32_t)p->at;
  return take(p, '"');
}

static bool take_digits(struct parser *p) {
  size_t before = p->at;
  while (p->at < p->size && p->text[p->at] >= '0' && p->text[p->at] <= '9') p->at++;
  return p->at > before;
}

static bool parse_number(struct parser *p) {
  struct json_node *node = add_node(p, JSON_NUMBER);
  if (!node) return false;
  take(p, '-');
  if (!take(p, '0') && !take_digits(p)) return false;
  if (take(p, '.') && !take_digits(p)) return false;
  if (take(p, 'e') || take(p, 'E')) {
    if (!take(p, '+')) take(p, '-');
    if (!take_digits(p)) return false;
  }
  node->end = (uint32_t)p->at;
  return true;
}

static bool parse_word(struct parser *p, const char *word, enum json_type type) {
  size_t length = strlen(word);
  struct json_node *node = add_node(p, type);
  if (!node || p->size - p->at < length || memcmp(p->text + p->at, word, length) != 0) return false;
  p->at += length;
  node->end = (uint32_t)p->at;
  return true;
}

static bool parse_member(struct parser *p, int depth) {
  skip_space(p);
  if (!parse_string(p)) return false;
  skip_space(p);
  return take(p, ':') && parse_value(p, depth);
}

static bool parse_list(struct parser *p, enum json_type type, int depth) {
  char close = type == JSON_OBJECT ? '}' : ']';
  struct json_node *node = add_node(p, type);
  if (!node || depth >= JSON_MAX_DEPTH) return false;
  p->at++;
  skip_space(p);
  if (!take(p, close)) {
    do {
      if (!(type == JSON_OBJECT ? parse_member(p, depth + 1) : parse_value(p, depth + 1))) return false;
      skip_space(p);
    } while (take(p, ','));
    if (!take(p, close)) return false;
  }
  node->end = (uint32_t)p->at;
  node->after = p->count;
  return true;
}

static bool parse_value(struct parser *p, int depth) {
  skip_space(p);
  if (p->at >= p->size) return false;
  switch (p->text[p->at]) {
    case '{': return parse_list(p, JSON_OBJECT, depth);
    case '[': return parse_list(p, JSON_ARRAY, depth);
    case '"': return parse_string(p);
    case 't': return parse_word(p, "true", JSON_TRUE);
    case 'f': return parse_word(p, "false", JSON_FALSE);
    case 'n': return parse_word(p, "null", JSON_NULL);
    default: return parse_number(p);
  }
}

bool json_parse(struct json *json, const char *text, size_t size, struct json_node *nodes, uint32_t capacity) {
  struct parser parser = {.text = text, .size = size, .nodes = nodes, .capacity = capacity};
  if (size > INT32_MAX || !utf8_is_valid(text, size) || !parse_value(&parser, 0)) return false;
  skip_space(&parser);
  if (parser.at != size) return false;
  *json = (struct json){.text = text, .nodes = nodes, .count = parser.count};
  return true;
}

const struct json_node *json_member(const struct json *json, const struct json_node *object, const char *name) {
  if (!object || object->type != JSON_OBJECT) return NULL;
  const struct json_node *end = json->nodes + object->after;
  for (const struct json_node *key = object + 1; key < end;) {
    const struct json_node *value = key + 1;
    if (json_is(json, key, name)) return value;
    key = json->nodes + value->after;
  }
  return NULL;
}

const struct json_node *json_first(const struct json *json, const struct json_node *array) {
  (void)json;
  if (!array || array->type != JSON_ARRAY || array->after == (uint32_t)(array - json->nodes) + 1) return NULL;
  return array + 1;
}

const struct json_node *json_next(const struct json *json, const struct json_node *array,
                                  const struct json_node *node) {
  return node->after < array->after ? json->nodes + node->after : NULL;
}

/** Undoes the `\uXXXX` whose digits start at `*at`, with its second half if it is one of a pair; 0 for what is none. */
static uint32_t read_code_point(const char *text, size_t *at, size_t end) {
  uint32_t unit = (uint32_t)unit_at(text, *at, end);
  *at += 4;
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  if (unit > 0xdbff || end - *at < 6 || text[*at] != '\\' || text[*at + 1] != 'u') return 0;
  int32_t low = unit_at(text, *at + 2, end);
  if (low < 0xdc00 || low > 0xdfff) return 0;
  *at += 6;
  return 0x10000 + ((unit - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
}

static char simple_escape(char kind) {
  static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
  const char *found = strchr(from, kind);
  return found ? to[found - from] : kind;
}

static bool unescape(const char *text, size_t at, size_t end, char *out, size_t capacity) {
  size_t length = 0;
  while (at < end) {
    char piece[4];
    size_t size = 1;
    piece[0] = text[at++];
    if (piece[0] == '\\') {
      char kind = text[at++];
      piece[0] = simple_escape(kind);
      if (kind == 'u') {
        uint32_t code_point = read_code_point(text, &at, end);
        if (code_point == 0) return false;
        size = utf8_encode(code_point, piece);
      }
    }
    if (piece[0] == '\0' || capacity - length <= size) return false;
    memcpy(out + length, piece, size);
    length += size;
  }
  out[length] = '\0';
  return true;
}

bool json_text(const struct json *json, const struct json_node *node, char *out, size_t capacity) {
  if (capacity == 0) return false;
  bool ok = node && node->type == JSON_STRING && unescape(json->text, node->start, node->end, out, capacity);
  if (!ok) out[0] = '\0';
  return ok;
}

bool json_is(const struct json *json, const struct json_node *node, const char *text) {
  size_t length = strlen(text);
  return node && node->type == JSON_STRING && node->end - node->start == length &&
         memcmp(json->text + node->start, text, length) == 0;
}

bool json_integer(const struct json *json, const struct json_node *node, int64_t *out) {
  if (!node || node->type != JSON_NUMBER) return false;
  uint32_t at = node->start;
  bool negative = json->text[at] == '-';
  if (negative) at++;
  if (node->end - at > 15) return false;
  int64_t value = 0;
  for (; at < node->end; at++) {
    if (json->text[at] < '0' || json->text[at] > '9') return false;
    value = value * 10 + (json->text[at] - '0');
  }
  *out = negative ? -value : value;
  return true;
}
