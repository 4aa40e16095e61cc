#include "command-line.h"

#include <string.h>

#include "../common/win/text-windows.h"

struct option {
  const wchar_t *name;
  enum command_kind kind;
  int words;
};

static const struct option OPTIONS[] = {
    {L"--panel", COMMAND_PANEL, 1},     {L"--tray", COMMAND_TRAY, 0},
    {L"--resume", COMMAND_RESUME, 1},   {L"--transient-service", COMMAND_TRANSIENT_SERVICE, 2},
    {L"--cleanup", COMMAND_CLEANUP, 1}, {L"--version", COMMAND_VERSION, 0},
};

/** Digits only: whatever else a link carries never gets further than here. */
static bool read_code(struct command *command, const wchar_t *text, bool is_url, struct failure *failure) {
  char narrow[512];
  bool ok = text && from_wide(text, narrow, sizeof narrow) &&
            (is_url ? code_from_url(narrow, command->code) : code_from_typing(narrow, command->code));
  command->kind = COMMAND_SESSION;
  return ok || fail(failure, EXIT_BAD_COMMAND_LINE, "This link or code is not one of GuruConnect's.");
}

static bool read_option(struct command *command, int left, wchar_t *const *words, int *taken,
                        struct failure *failure) {
  for (size_t i = 0; i < sizeof OPTIONS / sizeof *OPTIONS; i++) {
    const struct option *option = &OPTIONS[i];
    if (wcscmp(words[0], option->name) != 0) continue;
    if (left <= option->words) break;
    command->kind = option->kind;
    if (option->words > 0) command->target = words[1];
    if (option->words > 1) command->pipe = words[2];
    *taken = 1 + option->words;
    return true;
  }
  return fail(failure, EXIT_BAD_COMMAND_LINE, "This program does not know what it was asked to do.");
}

static void read_own_name(struct command *command, const wchar_t *self) {
  char name[4096];
  if (!from_wide(self, name, sizeof name)) return;
  if (token_from_file_name(name, command->token)) command->kind = COMMAND_INSTALLER;
  else code_from_file_name(name, command->code);
}

bool command_read(struct command *command, int count, wchar_t *const *arguments, const wchar_t *self,
                  struct failure *failure) {
  bool is_named = false;
  *command = (struct command){.kind = COMMAND_SESSION};
  for (int at = 1; at < count;) {
    int taken = 1;
    const wchar_t *word = arguments[at];
    if (wcscmp(word, L"--quiet") == 0) {
      command->quiet = true;
    } else if (wcscmp(word, L"--keep") == 0) {
      command->keep = true;
    } else if (wcscmp(word, L"--code") == 0 || wcscmp(word, L"--url") == 0) {
      bool is_url = wcscmp(word, L"--url") == 0;
      if (!read_code(command, at + 1 < count ? arguments[at + 1] : NULL, is_url, failure)) return false;
      // What a link starts is the installed program, which stays.
      if (is_url) command->keep = true;
      is_named = true;
      taken = 2;
    } else {
      if (!read_option(command, count - at, arguments + at, &taken, failure)) return false;
      is_named = true;
    }
    at += taken;
  }
  if (!is_named) read_own_name(command, self);
  return true;
}
