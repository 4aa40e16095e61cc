#ifndef GURUCONNECT_PANEL_H
#define GURUCONNECT_PANEL_H

#include <wchar.h>

#include "../common/parse/failure.h"

/**
 * Shows the agent's panels (a question, or the strip that says who is connected) as it asks for them over its pipe,
 * and tells it which button was pressed; until the pipe closes.
 */
bool panel_run(const wchar_t *pipe, struct failure *failure);

#endif
