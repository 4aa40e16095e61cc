#ifndef GURUCONNECT_FILE_NAME_H
#define GURUCONNECT_FILE_NAME_H

#include <stdbool.h>

#define SESSION_CODE_DIGITS 6
#define INSTALLER_TOKEN_LENGTH 43

/**
 * The session code that the program's own file name carries: `GuruConnect-847291.exe`, and what browsers and people
 * make of it when there are several (`... (1).exe`, `...[1].exe`, `... - Copy (2).exe`), whatever stands before the
 * hyphen. `path` is UTF-8. Only a name that can mean nothing else counts: exactly one group of six ASCII digits, at
 * its place; in doubt the person is asked, which is better than a stranger's session.
 */
bool code_from_file_name(const char *path, char code[SESSION_CODE_DIGITS + 1]);

/** The token of `GuruConnect-Setup-<43 characters of base64url>.exe`, copies as above. */
bool token_from_file_name(const char *path, char token[INSTALLER_TOKEN_LENGTH + 1]);

/** The code of `guruconnect://session/847291`, with or without a slash at its end; false for every other text. */
bool code_from_url(const char *url, char code[SESSION_CODE_DIGITS + 1]);

/** A code as people type it: six ASCII digits, spaces and hyphens between them ignored. */
bool code_from_typing(const char *text, char code[SESSION_CODE_DIGITS + 1]);

#endif
