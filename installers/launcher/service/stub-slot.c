#include "stub-slot.h"

#include <stdio.h>
#include <string.h>

#include "../common/parse/version-order.h"
#include "../common/win/crypto.h"
#include "../common/win/log.h"
#include "machine-request.h"
#include "service-names.h"
#include "update-client.h"

static void save(const struct service_folders *folders, const struct slots_state *state) {
  struct failure failure;
  if (!slots_save(folders, state, &failure)) log_line("%s", failure.text);
}

void stub_promote(const struct service_folders *folders) {
  struct slots_state state;
  slots_load(folders, &state);
  if (state.pending == SLOT_NONE) return;
  slots_promote(&state);
  save(folders, &state);
  log_line("version %s stays", state.report.version);
}

bool stub_prolong(const struct service_folders *folders) {
  struct slots_state state;
  slots_load(folders, &state);
  if (state.pending == SLOT_NONE || !slots_prolong(&state)) return false;
  save(folders, &state);
  return true;
}

void stub_roll_back(const struct service_folders *folders, const char *reason) {
  struct slots_state state;
  slots_load(folders, &state);
  if (state.pending == SLOT_NONE) return;
  slots_roll_back(&state, reason, now_ms() / 1000);
  save(folders, &state);
  log_line("version %s is taken back: %s", state.report.version, reason);
}

/** Whether what lies in a slot is whole, ours, and newer than this program. */
static bool is_good(const struct config *config, const struct service_folders *folders, enum slot slot,
                    struct chosen_core *chosen, struct failure *failure) {
  struct manifest manifest;
  wchar_t folder[PATH_CAPACITY];
  char hex[SHA256_HEX_CAPACITY];
  uint64_t size;
  if (!slot_manifest(config, folders, slot, &manifest, failure)) return false;
  if (version_order(manifest.version, config->version) <= 0) {
    return fail(failure, EXIT_DOWNGRADE, "Version %s is installed, which is as new.", config->version);
  }
  if (!slot_folder(folders, slot, folder) || !path_join(chosen->program, folder, SERVICE_FILE) ||
      !sha256_of_file(chosen->program, hex, &size) || size != manifest.service.size ||
      strcmp(hex, manifest.service.sha256) != 0) {
    return fail(failure, EXIT_ALTERED_PACK, "The program in slot %s is damaged.", slot_name(slot));
  }
  snprintf(chosen->version, sizeof chosen->version, "%s", manifest.version);
  return true;
}

/** What is next, when the version on trial is left out; it counts as a failure of that version. */
static void reject(const struct service_folders *folders, struct slots_state *state, const char *reason) {
  if (state->pending != SLOT_NONE) {
    log_line("version %s is taken back: %s", state->pending_version, reason);
    slots_roll_back(state, reason, now_ms() / 1000);
  } else {
    log_line("slot %s is not used: %s", slot_name(state->active), reason);
    state->active = SLOT_NONE;
  }
  save(folders, state);
}

void stub_choose(const struct config *config, const struct service_folders *folders, struct chosen_core *chosen) {
  struct slots_state state;
  struct failure failure;
  slots_load(folders, &state);
  memset(chosen, 0, sizeof *chosen);
  for (;;) {
    chosen->slot = slots_current(&state);
    chosen->is_on_trial = state.pending != SLOT_NONE;
    if (chosen->slot == SLOT_NONE) break;
    if (!is_good(config, folders, chosen->slot, chosen, &failure)) {
      reject(folders, &state, failure.text);
    } else if (!chosen->is_on_trial) {
      return;
    } else if (slots_begin_trial(&state)) {
      // Before it is started: one that takes the whole computer down has had a start, too.
      save(folders, &state);
      return;
    } else {
      reject(folders, &state, "It was started several times and never showed that it works.");
    }
  }
  chosen->is_on_trial = false;
  path_of_self(chosen->program);
  snprintf(chosen->version, sizeof chosen->version, "%s", config->version);
}
