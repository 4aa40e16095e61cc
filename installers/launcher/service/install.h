#ifndef GURUCONNECT_INSTALL_H
#define GURUCONNECT_INSTALL_H

#include <wchar.h>

#include "../common/parse/config.h"

/**
 * Makes this computer's agent: programs, service, Safe Mode, protocol, tray, entry in the list of programs; then
 * starts it. Done again, it repairs. `token` may be NULL: a computer that is enrolled stays so.
 */
bool install(const struct config *config, const wchar_t *token, struct failure *failure);

struct uninstall_options {
  /** Takes the machine's identity away, too. */
  bool purge;
  /** Windows Installer takes its own part away: files, service, registry. Only the rest is ours. */
  bool is_msi;
};

bool uninstall(const struct uninstall_options *options, struct failure *failure);

#endif
