#ifndef GURUCONNECT_SUPPORT_REQUEST_UI_H
#define GURUCONNECT_SUPPORT_REQUEST_UI_H

#include <wchar.h>

#include "../common/parse/failure.h"

/** Longest message, in characters. */
#define SUPPORT_MESSAGE_MAX 2000

/**
 * Has the service ask for support with this message and the name of the user. Waits for the answer, so not on the
 * thread of a window. False with a sentence when it was not sent.
 */
bool support_request_send(const wchar_t *message, struct failure *failure);

#endif
