#ifndef GURUCONNECT_PACK_SOURCE_H
#define GURUCONNECT_PACK_SOURCE_H

#include "../common/win/http.h"
#include "../common/win/paths.h"

/** Tells what is being done (a sentence) and how far it is. */
struct pack_view {
  void *context;
  void (*status)(void *context, const char *text);
  void (*progress)(void *context, int permille);
  volatile LONG *cancelled;
};

/**
 * The folder with the agent's files: there already, or unpacked from this program, or fetched from the server and
 * then unpacked. The signature is checked before anything else. `use` gets the mark that keeps the folder from being
 * removed; close it at the end.
 */
bool pack_prepare(const struct config *config, const wchar_t *packs, const struct pack_view *view,
                  wchar_t folder[PATH_CAPACITY], HANDLE *use, struct failure *failure);

#endif
