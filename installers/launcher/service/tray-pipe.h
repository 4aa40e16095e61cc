#ifndef GURUCONNECT_TRAY_PIPE_H
#define GURUCONNECT_TRAY_PIPE_H

#include "../common/parse/config.h"
#include "identity.h"

/**
 * `\\.\pipe\GuruConnectTray`: people at the computer ask for help with one line and get one line back. A thread of its
 * own serves one after the other. NULL when the pipe cannot be made.
 */
struct tray_pipe;

struct tray_pipe *tray_pipe_open(const struct config *config, const struct identity *identity);
void tray_pipe_close(struct tray_pipe *tray);

#endif
