#ifndef GURUCONNECT_ENROLMENT_H
#define GURUCONNECT_ENROLMENT_H

#include "identity.h"
#include "node-process.h"

/** Reads `identity.json`; false when this computer is not enrolled with the server of the configuration. */
bool identity_load(const struct config *config, const struct service_folders *folders, struct identity *identity);

/**
 * Takes the token that an installer left in the registry, or in the MSI's signature, and keeps it where
 * administrators alone can read it: `enrol-token`.
 */
void take_token_from_registry(const struct service_folders *folders);

/** Writes `enrol-token`; the token is 43 characters of base64url. */
bool write_token(const struct service_folders *folders, const wchar_t *token, struct failure *failure);

/** Whoever has the token could enrol another computer: it goes once it is used, or of no use. */
void forget_token(const struct service_folders *folders);

/** Makes this computer a machine of the deployment with the token that is there. EXIT_CANCELLED without one. */
bool enrol(const struct node_setup *setup, struct failure *failure);

/** Whether an installer left names for this machine in the registry. */
bool has_registry_labels(void);

/** Makes the names of the registry a pending reconfiguration, and takes them away there. */
bool reconfigure_from_registry(const struct node_setup *setup, struct failure *failure);

#endif
