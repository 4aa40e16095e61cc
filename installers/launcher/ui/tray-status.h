#ifndef GURUCONNECT_TRAY_STATUS_H
#define GURUCONNECT_TRAY_STATUS_H

#include <stdbool.h>

/** What the service last said of itself. */
struct tray_status {
  bool is_known, is_online, has_session;
  char company[256], version[40], problem[320];
  /** Path of the window program of the version that runs; empty when that is not known. */
  char tray[1024];
};

/** Reads `public\status.json`; `is_known` is false when there is none. */
void tray_status_read(struct tray_status *status);

/** One sentence for people. */
void tray_status_text(const struct tray_status *status, char *out, unsigned capacity);

#endif
