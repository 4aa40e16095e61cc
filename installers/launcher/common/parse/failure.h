#ifndef GURUCONNECT_FAILURE_H
#define GURUCONNECT_FAILURE_H

#include <stdbool.h>

/** What the programs return; the README next door explains each to people. Numbers never change their meaning. */
enum exit_code {
  EXIT_OK = 0,
  EXIT_UNEXPECTED = 1,
  EXIT_NOT_CONFIGURED = 2,
  EXIT_BAD_COMMAND_LINE = 3,
  EXIT_BAD_SIGNATURE = 4,
  EXIT_ALTERED_PACK = 5,
  EXIT_BAD_ARCHIVE = 6,
  EXIT_UNTRUSTED_SERVER = 7,
  EXIT_NO_NETWORK = 8,
  EXIT_SERVER_REFUSED = 9,
  EXIT_DISK = 10,
  EXIT_SESSION_FAILED = 11,
  EXIT_DOWNGRADE = 12,
  EXIT_AGENT_DID_NOT_START = 13,
  EXIT_NOT_PERMITTED = 14,
  EXIT_CANCELLED = 15,
};

/** Why something did not work: a number for scripts and one plain sentence for people. */
struct failure {
  enum exit_code code;
  char text[320];
};

#if defined(__MINGW32__)
#define PRINTF_LIKE(at, first) __attribute__((format(__gnu_printf__, at, first)))
#else
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))
#endif

/** Notes what went wrong and returns false, so that a caller can say `return fail(...)`. */
bool fail(struct failure *failure, enum exit_code code, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
