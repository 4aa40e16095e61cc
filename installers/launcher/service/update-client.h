#ifndef GURUCONNECT_UPDATE_CLIENT_H
#define GURUCONNECT_UPDATE_CLIENT_H

#include "../common/parse/manifest.h"
#include "../common/win/http.h"
#include "identity.h"
#include "service-folders.h"

/** What the server answered to the question which version this machine shall have. */
struct update_offer {
  char version[VERSION_SIZE];
  char manifest_sha256[SHA256_HEX_SIZE];
  bool is_wanted;
  uint32_t poll_seconds;
};

bool update_ask(struct http_client *client, const struct identity *identity, struct update_offer *offer,
                struct failure *failure);

/** Tells the server how an update went. */
bool update_tell(struct http_client *client, const struct identity *identity, const struct update_report *report,
                 struct failure *failure);

struct update_place {
  const struct service_folders *folders;
  /** The slot that it goes into; not the one that runs. */
  enum slot slot;
  /** The version that runs: nothing older is taken. */
  const char *running_version;
  /** Handle to notice an end by, see `http_client.cancelled`. */
  volatile LONG *cancelled;
};

/**
 * Fetches and verifies all that a manifest names, going on where an earlier attempt stopped, into the slot and the
 * packs. Nothing that runs is touched. False with EXIT_BAD_SIGNATURE, EXIT_ALTERED_PACK, EXIT_BAD_ARCHIVE or
 * EXIT_DOWNGRADE where that manifest is never to be taken, with others where it may work later.
 */
bool update_fetch(struct http_client *client, const struct update_offer *offer, const struct update_place *place,
                  struct failure *failure);

/** Whether a failure means that the same manifest will fail again. */
bool update_is_hopeless(const struct failure *failure);

/** Reads and verifies the manifest that a slot was filled by. */
bool slot_manifest(const struct config *config, const struct service_folders *folders, enum slot slot,
                   struct manifest *manifest, struct failure *failure);

#endif
