#ifndef GURUCONNECT_CHECK_H
#define GURUCONNECT_CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** Counts what holds and prints what does not; each file of checks has one function that is called from main. */
extern int checks_done, checks_failed;

#define CHECK(condition) check_condition((condition), #condition, __FILE__, __LINE__)
#define CHECK_TEXT(actual, wanted) check_text((actual), (wanted), __FILE__, __LINE__)

static inline void check_condition(int holds, const char *what, const char *file, int line) {
  checks_done++;
  if (holds) return;
  checks_failed++;
  printf("%s:%d: does not hold: %s\n", file, line, what);
}

static inline void check_text(const char *actual, const char *wanted, const char *file, int line) {
  checks_done++;
  if (strcmp(actual, wanted) == 0) return;
  checks_failed++;
  printf("%s:%d: is \"%s\" and not \"%s\"\n", file, line, actual, wanted);
}

void check_file_names(void);
void check_json(void);
void check_config(void);
void check_manifest(void);
void check_tar(void);
void check_texts(void);
void check_proxy_list(void);

/** Feeds mutations of valid inputs to every parser for about so many seconds each. */
void fuzz_all(unsigned seed, double seconds);

#endif
