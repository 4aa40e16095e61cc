#ifndef GURUCONNECT_SESSION_DESKTOP_H
#define GURUCONNECT_SESSION_DESKTOP_H

#include <windows.h>

#include "../common/parse/failure.h"

/** The session whose desktop is on the computer's own screen; 0xFFFFFFFF while it changes. */
DWORD console_session(void);

/**
 * A token to run as SYSTEM on the desktop of a session. `*token` is NULL where this process is in that session
 * already. Not tried under Wine, which has one session and no isolation of services.
 */
bool session_token(DWORD session, HANDLE *token, struct failure *failure);

/** Asks Windows for its secure screen, as Ctrl-Alt-Del does. Not tried under Wine. */
bool send_secure_attention(struct failure *failure);

#endif
