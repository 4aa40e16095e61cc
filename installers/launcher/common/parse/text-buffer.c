#include "text-buffer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct text_buffer text_buffer_over(char *room, size_t capacity) {
  room[0] = '\0';
  return (struct text_buffer){.text = room, .capacity = capacity};
}

void text_add_bytes(struct text_buffer *buffer, const char *bytes, size_t size) {
  if (buffer->overflow || buffer->capacity - buffer->size <= size) {
    buffer->overflow = true;
    return;
  }
  memcpy(buffer->text + buffer->size, bytes, size);
  buffer->size += size;
  buffer->text[buffer->size] = '\0';
}

void text_add(struct text_buffer *buffer, const char *text) { text_add_bytes(buffer, text, strlen(text)); }

void text_add_integer(struct text_buffer *buffer, int64_t value) {
  char digits[24];
  snprintf(digits, sizeof digits, "%" PRId64, value);
  text_add(buffer, digits);
}

void text_add_json_string(struct text_buffer *buffer, const char *text) {
  text_add(buffer, "\"");
  for (const char *c = text; *c != '\0'; c++) {
    char escaped[8];
    if (*c == '"' || *c == '\\') {
      snprintf(escaped, sizeof escaped, "\\%c", *c);
      text_add(buffer, escaped);
    } else if ((unsigned char)*c < 0x20) {
      snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)*c);
      text_add(buffer, escaped);
    } else {
      text_add_bytes(buffer, c, 1);
    }
  }
  text_add(buffer, "\"");
}

void text_add_json_member(struct text_buffer *buffer, const char *name, const char *value) {
  if (buffer->size > 0 && buffer->text[buffer->size - 1] != '{') text_add(buffer, ",");
  text_add_json_string(buffer, name);
  text_add(buffer, ":");
  text_add_json_string(buffer, value);
}
