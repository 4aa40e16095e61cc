#ifndef GURUCONNECT_CORE_RUN_H
#define GURUCONNECT_CORE_RUN_H

#include "../common/parse/config.h"
#include "service-folders.h"

struct core_options {
  enum slot slot;
  /** The pipe of the stub; NULL for a core that runs by itself. */
  const wchar_t *control;
  /** On trial: it must say within so long that it works. */
  bool is_on_trial;
};

/** Runs the core until it is stopped; what it returns is the exit code of the process. */
int core_run(const struct config *config, const struct core_options *options);

#endif
