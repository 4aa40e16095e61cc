#ifndef GURUCONNECT_UTF8_H
#define GURUCONNECT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Whether all of it is well-formed UTF-8: no overlong forms, no surrogates, nothing cut off. */
bool utf8_is_valid(const char *text, size_t size);

/** Writes a code point (not a surrogate, at most U+10FFFF) and returns how many bytes it took. */
size_t utf8_encode(uint32_t code_point, char out[4]);

#endif
