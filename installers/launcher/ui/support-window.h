#ifndef GURUCONNECT_SUPPORT_WINDOW_H
#define GURUCONNECT_SUPPORT_WINDOW_H

#include <windows.h>

#include <stdbool.h>

/** Opens the window in which a person asks for support; brings it forward when it is open. */
void support_window_open(void);

bool support_window_is_open(void);

/** Whether the message was for its keyboard handling. */
bool support_window_takes(MSG *message);

#endif
