#ifndef GURUCONNECT_WINDOW_PROGRAMS_H
#define GURUCONNECT_WINDOW_PROGRAMS_H

#include <wchar.h>

/** Ends the window programs (trays, panels) of everybody that were started from below a folder, which can go then. */
void end_window_programs(const wchar_t *folder);

#endif
