#ifndef GURUCONNECT_INSTALLED_KEYS_H
#define GURUCONNECT_INSTALLED_KEYS_H

#include <wchar.h>

#include "../common/parse/config.h"

/** Protocol, tray, Safe Mode with network, and the entry in Windows' list of programs. */
bool installed_keys_write(const struct config *config, const wchar_t *folder, struct failure *failure);

/** Takes all of it away; what is not there is fine. */
void installed_keys_remove(void);

/** Takes away what an MSI does not know of: Safe Mode without network. */
void installed_keys_remove_rest(void);

#endif
