#ifndef GURUCONNECT_JSON_H
#define GURUCONNECT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * A strict reader of JSON (RFC 8259) that allocates nothing: the caller gives the room for the nodes, which bounds
 * what a text can cost. Text must be valid UTF-8 and nest at most JSON_MAX_DEPTH deep.
 */
#define JSON_MAX_DEPTH 12

enum json_type { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_node {
  enum json_type type;
  /** Where it stands in the text; of a string, what is between its quotes, still escaped. */
  uint32_t start, end;
  /** Index of the node after it and after all within it. Members of an object are two nodes each: name, value. */
  uint32_t after;
};

struct json {
  const char *text;
  const struct json_node *nodes;
  uint32_t count;
};

/** Reads the whole text, or returns false: not JSON, or more nodes than `capacity`. The root is node 0. */
bool json_parse(struct json *json, const char *text, size_t size, struct json_node *nodes, uint32_t capacity);

/** Value of a member (of the first with that name), or NULL: no such member, or `object` is NULL or no object. */
const struct json_node *json_member(const struct json *json, const struct json_node *object, const char *name);

/** First element of an array, or NULL. */
const struct json_node *json_first(const struct json *json, const struct json_node *array);

/** Element after `node`, which is within `array`; NULL after the last. */
const struct json_node *json_next(const struct json *json, const struct json_node *array,
                                  const struct json_node *node);

/**
 * Copies a string with its escapes undone, ended by NUL. False (and an empty `out`) when the node is NULL or no
 * string, does not fit, or holds a NUL.
 */
bool json_text(const struct json *json, const struct json_node *node, char *out, size_t capacity);

/** Whether the node is a string that reads exactly so (with no escapes in it). */
bool json_is(const struct json *json, const struct json_node *node, const char *text);

/** A whole number of at most 15 digits, which every reader of JSON keeps exactly. */
bool json_integer(const struct json *json, const struct json_node *node, int64_t *out);

#endif
