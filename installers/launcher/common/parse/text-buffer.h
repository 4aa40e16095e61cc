#ifndef GURUCONNECT_TEXT_BUFFER_H
#define GURUCONNECT_TEXT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Text that is put together in room that the caller gives. What does not fit is left out and noted in `overflow`,
 * so that only the end needs a check. Always ended by NUL.
 */
struct text_buffer {
  char *text;
  size_t capacity, size;
  bool overflow;
};

/** `capacity` at least 1. */
struct text_buffer text_buffer_over(char *room, size_t capacity);
void text_add(struct text_buffer *buffer, const char *text);
void text_add_bytes(struct text_buffer *buffer, const char *bytes, size_t size);
void text_add_integer(struct text_buffer *buffer, int64_t value);

/** Adds a JSON string with its quotes. `text` must be valid UTF-8. */
void text_add_json_string(struct text_buffer *buffer, const char *text);

/** Adds `,"name":"value"`; without the comma when it comes right after a `{`. */
void text_add_json_member(struct text_buffer *buffer, const char *name, const char *value);

#endif
