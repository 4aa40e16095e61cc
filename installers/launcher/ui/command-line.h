#ifndef GURUCONNECT_COMMAND_LINE_H
#define GURUCONNECT_COMMAND_LINE_H

#include <stdbool.h>
#include <wchar.h>

#include "../common/parse/failure.h"
#include "../common/parse/file-name.h"

enum command_kind {
  COMMAND_SESSION,
  COMMAND_INSTALLER,
  COMMAND_PANEL,
  COMMAND_TRAY,
  COMMAND_RESUME,
  COMMAND_TRANSIENT_SERVICE,
  COMMAND_CLEANUP,
  COMMAND_VERSION,
};

/** What the program was started to do. */
struct command {
  enum command_kind kind;
  /** No window: what goes wrong is in the exit code and in the log. */
  bool quiet;
  /** The program does not delete itself at the end. */
  bool keep;
  /** Of a session; empty when a person must be asked. */
  char code[SESSION_CODE_DIGITS + 1];
  /** Of an installer. */
  char token[INSTALLER_TOKEN_LENGTH + 1];
  /** A pipe's name, or a folder; points into the arguments. */
  const wchar_t *target;
  /** Second word of `--transient-service`: the pipe. */
  const wchar_t *pipe;
};

/** Reads the arguments (the program's name first) and, where they say nothing, the program's own path. */
bool command_read(struct command *command, int count, wchar_t *const *arguments, const wchar_t *self,
                  struct failure *failure);

#endif
