#ifndef GURUCONNECT_ELEVATION_H
#define GURUCONNECT_ELEVATION_H

#include <windows.h>

#include "../common/parse/failure.h"

/**
 * Starts this program again as administrator with `--resume STATE`; Windows asks the person first. NULL when they
 * refused or it could not be done.
 */
HANDLE elevation_start(HWND window, const wchar_t *state, struct failure *failure);

/** Starts a program as administrator and returns its process. */
HANDLE run_as_administrator(HWND window, const wchar_t *program, const wchar_t *arguments, struct failure *failure);

/** Whether this process has administrator rights that work, not only the right to ask for them. */
bool is_administrator(void);

#endif
