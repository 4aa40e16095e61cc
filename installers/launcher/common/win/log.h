#ifndef GURUCONNECT_LOG_H
#define GURUCONNECT_LOG_H

#include <wchar.h>

#include "../parse/failure.h"

/**
 * The program's own log: one line per event with the time (UTC), UTF-8. Nothing secret goes there: no tokens, no keys.
 * A program has one; before it is opened, and when it cannot be, lines go nowhere. Larger than 1 MB when opened: the
 * old one becomes `<file>.old`.
 */
void log_open(const wchar_t *file);
void log_line(const char *format, ...) PRINTF_LIKE(1, 2);
void log_close(void);

/** Lines are also printed to standard output, for commands that people run in a console. */
void log_to_console(void);

#endif
