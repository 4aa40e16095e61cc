#ifndef GURUCONNECT_NETWORK_CHANGE_H
#define GURUCONNECT_NETWORK_CHANGE_H

#include <windows.h>

/** Tells when this computer gets or loses an address. */
struct network_change;

/** NULL where Windows does not tell. */
struct network_change *network_change_watch(void);

/** Set when something changed. */
HANDLE network_change_event(const struct network_change *watch);

/** Waits for the next one. */
void network_change_again(struct network_change *watch);
void network_change_close(struct network_change *watch);

#endif
