#ifndef GURUCONNECT_TEXT_WINDOWS_H
#define GURUCONNECT_TEXT_WINDOWS_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

/** UTF-8 to UTF-16. False (and an empty `out`) when it does not fit or is not valid. */
bool to_wide(const char *text, wchar_t *out, size_t capacity);

/** UTF-16 to UTF-8; halves of pairs become U+FFFD. False (and an empty `out`) when it does not fit. */
bool from_wide(const wchar_t *text, char *out, size_t capacity);

/** Formats into `out`; false when it did not fit (then what fits is there). */
bool format_wide(wchar_t *out, size_t capacity, const wchar_t *format, ...);

/** One sentence for a Windows error number, as Windows tells it, in UTF-8. */
void windows_error_text(unsigned long error, char *out, size_t capacity);

#endif
