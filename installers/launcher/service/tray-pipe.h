#ifndef GURUCONNECT_TRAY_PIPE_H
#define GURUCONNECT_TRAY_PIPE_H

#include <windows.h>

#include "../common/parse/config.h"
#include "identity.h"

/**
 * `\\.\pipe\GuruConnectTray`: people at the computer ask for help with one line and get one line back, one after the
 * other, each on a thread that is there no longer than that. NULL when the pipe cannot be made.
 */
struct tray_pipe;

struct tray_pipe *tray_pipe_open(const struct config *config, const struct identity *identity);
/** What to wait for before the next `tray_pipe_pump`; another one each time. */
HANDLE tray_pipe_event(const struct tray_pipe *tray);

/** Begins with who has come, and makes room for the next once that is done. */
void tray_pipe_pump(struct tray_pipe *tray);
void tray_pipe_close(struct tray_pipe *tray);

#endif
