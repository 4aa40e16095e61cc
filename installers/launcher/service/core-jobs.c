#include <stdlib.h>
#include <string.h>

#include "../common/parse/version-order.h"
#include "../common/win/log.h"
#include "../common/win/pack.h"
#include "../common/win/release.h"
#include "core.h"
#include "enrolment.h"
#include "machine-request.h"
#include "update-client.h"

/** After so long a version that failed may be tried again when the server still wants it. */
enum { FORGIVE_SECONDS = 6 * 3600 };

enum { STACK_BYTES = 512 * 1024, MANY_FAILURES = 12, ENROL_REST_MS = 3600 * 1000 };

/** The manifest of what runs: the slot's, the one inside this program, or else the server's newest. */
static bool find_manifest(struct core *core, struct http_client *client, struct failure *failure) {
  char text[MANIFEST_MAX_SIZE];
  uint8_t signature[SIGNATURE_SIZE];
  size_t size;
  if (core->slot != SLOT_NONE) {
    return slot_manifest(core->config, &core->folders, core->slot, &core->manifest, failure);
  }
  return manifest_from_resources(core->config, &core->manifest, failure) ||
         manifest_fetch(client, NULL, &core->manifest, text, &size, signature, failure);
}

/** Unpacks the pack that the manifest names, fetched before unless it is there, and notes that it is in use. */
static bool get_pack(struct core *core, struct http_client *client, struct failure *failure) {
  wchar_t file[PATH_CAPACITY], name[80], folder[PATH_CAPACITY];
  const struct blob *pack = &core->manifest.pack;
  if (core->pack_use != INVALID_HANDLE_VALUE) CloseHandle(core->pack_use);
  core->pack_use = pack_use(pack, core->folders.packs);
  for (size_t i = 0; i <= 64; i++) name[i] = (wchar_t)pack->sha256[i];
  wcscpy(name + 64, L".xz");
  if (!path_join(file, core->folders.packs, name)) return fail(failure, EXIT_DISK, "A path is too long.");
  if (!pack_folder(pack, core->folders.packs, folder)) {
    log_line("fetching the agent, %llu bytes", (unsigned long long)pack->size);
    if (!blob_fetch(client, pack, file, NULL, failure)) return false;
  }
  struct pack_source source = {.file = file};
  bool is_there = pack_unpack(&source, pack, core->folders.packs, core->pack, NULL, &core->is_cancelled, failure);
  DeleteFileW(file);
  return is_there;
}

static bool run_pack(struct core *core, struct http_client *client, struct failure *failure) {
  char text[MANIFEST_MAX_SIZE];
  uint8_t signature[SIGNATURE_SIZE];
  size_t size;
  struct manifest newest;
  if (!core->has_manifest && !find_manifest(core, client, failure)) return false;
  core->has_manifest = true;
  if (get_pack(core, client, failure)) return true;
  // An installer may be older than all that its server still has: then the newest agent it is.
  bool may_be_gone = failure->code == EXIT_SERVER_REFUSED && core->slot == SLOT_NONE;
  if (!may_be_gone || !manifest_fetch(client, NULL, &newest, text, &size, signature, failure)) return false;
  if (version_order(newest.version, core->config->version) < 0) {
    return fail(failure, EXIT_DOWNGRADE, "The server has version %s of the agent, which is older than this program.",
                newest.version);
  }
  core->manifest = newest;
  return get_pack(core, client, failure);
}

static bool run_report(struct core *core, struct http_client *client, struct failure *failure) {
  struct slots_state state;
  slots_load(&core->folders, &state);
  if (state.report.outcome == OUTCOME_NONE) return true;
  if (!update_tell(client, &core->identity, &state.report, failure)) return false;
  log_line("told the server: version %s, %s", state.report.version, outcome_name(state.report.outcome));
  memset(&state.report, 0, sizeof state.report);
  return slots_save(&core->folders, &state, failure);
}

/** Whether what was refused before may be taken now: asked for by somebody, or after a while. */
static bool may_try(struct core *core, const struct slots_state *state, const struct update_offer *offer) {
  const struct refused_update *refused = slots_find_refused(state, offer->manifest_sha256);
  if (!refused) return true;
  if (state->report.outcome != OUTCOME_NONE) return false;
  return core->is_update_nudged || now_ms() / 1000 - refused->at > FORGIVE_SECONDS;
}

static bool note_failure(struct core *core, const struct update_offer *offer, struct failure *failure) {
  struct slots_state state;
  struct failure of_saving;
  log_line("version %s is not taken: %s", offer->version, failure->text);
  if (!update_is_hopeless(failure)) return false;
  slots_load(&core->folders, &state);
  slots_refuse(&state, offer->version, offer->manifest_sha256, failure->text, now_ms() / 1000);
  slots_save(&core->folders, &state, &of_saving);
  // It is told to the server; nothing is to be tried again.
  return true;
}

static bool run_update(struct core *core, struct http_client *client, struct failure *failure) {
  struct update_offer offer;
  struct slots_state state;
  if (!update_ask(client, &core->identity, &offer, failure)) return false;
  core->poll_seconds = offer.poll_seconds;
  slots_load(&core->folders, &state);
  bool is_running = strcmp(offer.version, core->config->version) == 0;
  if (!offer.is_wanted || is_running || !may_try(core, &state, &offer)) return true;
  core->is_update_nudged = false;
  struct update_place place = {&core->folders, slot_for_update(core->slot), core->config->version,
                               &core->is_cancelled};
  log_line("fetching version %s", offer.version);
  if (!update_fetch(client, &offer, &place, failure)) return note_failure(core, &offer, failure);
  slots_load(&core->folders, &state);
  slots_stage(&state, place.slot, offer.version, offer.manifest_sha256);
  if (!slots_save(&core->folders, &state, failure)) return false;
  log_line("version %s lies in slot %s and is started next", offer.version, slot_name(place.slot));
  core->wants_switch = true;
  return true;
}

static bool run(struct core *core, struct failure *failure) {
  struct http_client client;
  http_proxy_find(core->config, &core->job_proxy);
  if (!http_open(&client, core->config, failure)) return false;
  client.cancelled = &core->is_cancelled;
  bool is_done = false;
  switch (core->job) {
    case JOB_PACK:
      is_done = run_pack(core, &client, failure);
      break;
    case JOB_ENROL:
      is_done = enrol(&core->setup, failure);
      break;
    case JOB_RECONFIGURE:
      is_done = reconfigure_from_registry(&core->setup, failure);
      break;
    case JOB_REPORT:
      is_done = run_report(core, &client, failure);
      break;
    default:
      is_done = run_update(core, &client, failure);
      break;
  }
  http_close(&client);
  return is_done;
}

static DWORD WINAPI run_on_thread(void *context) {
  struct core *core = context;
  struct core_event event = {.type = EVENT_JOB_DONE};
  memset(&core->job_failure, 0, sizeof core->job_failure);
  if (!run(core, &core->job_failure)) {
    event.number = core->job_failure.code ? (int)core->job_failure.code : EXIT_UNEXPECTED;
    strcpy(event.text, core->job_failure.text);
  }
  event_queue_put(core->queue, &event);
  return 0;
}

/** What must be there before a job makes sense. */
static bool may_run(const struct core *core, enum core_job job) {
  switch (job) {
    case JOB_PACK:
      return true;
    case JOB_ENROL:
      return core->has_pack && !core->is_enrolled;
    case JOB_RECONFIGURE:
      return core->has_pack && core->is_enrolled;
    case JOB_REPORT:
      return core->is_enrolled && core->is_line_up;
    default:
      // A version on trial shows first that it works; nobody is interrupted.
      return core->is_enrolled && core->is_line_up && core->has_pack && core->control && !core->is_on_trial &&
             !sessions_any(core);
  }
}

void jobs_tend(struct core *core) {
  if (core->job_thread || core->is_stopping) return;
  for (int job = 0; job < JOB_COUNT; job++) {
    bool is_due = core->job_due[job] != NEVER && GetTickCount64() >= core->job_due[job];
    if (!is_due || !may_run(core, (enum core_job)job)) continue;
    core->job = (enum core_job)job;
    core->job_due[job] = NEVER;
    core->job_thread = CreateThread(NULL, STACK_BYTES, run_on_thread, core, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    return;
  }
}

static void succeeded(struct core *core) {
  switch (core->job) {
    case JOB_PACK:
      core->has_pack = true;
      // The version before may have to come back.
      if (!core->is_on_trial) pack_remove_unused(core->folders.packs);
      break;
    case JOB_UPDATE:
      core_want_job(core, JOB_UPDATE, core->poll_seconds * 1000.0 * (0.9 + 0.2 * core_chance()));
      core_want_job(core, JOB_REPORT, 0);
      break;
    default:
      break;
  }
}

void jobs_done(struct core *core, const struct core_event *event) {
  WaitForSingleObject(core->job_thread, INFINITE);
  CloseHandle(core->job_thread);
  core->job_thread = NULL;
  if (strcmp(core->proxy.server, core->job_proxy.server) != 0) {
    core->proxy = core->job_proxy;
    log_line(core->proxy.server[0] ? "the server is reached by the proxy %s" : "the server is reached without a proxy%s",
             core->proxy.server);
  }
  if (event->number == 0) {
    core->job_failures[core->job] = 0;
    succeeded(core);
    return;
  }
  unsigned failures = ++core->job_failures[core->job];
  DWORD delay = job_delay_ms(failures, core_chance());
  // A token that was refused so often is not going to be taken.
  if (core->job == JOB_ENROL && failures > MANY_FAILURES) delay = ENROL_REST_MS;
  // What fails for weeks must not fill the disk with it.
  if (failures == 1 || failures % MANY_FAILURES == 0) log_line("%s Next try in %lu s.", event->text, delay / 1000);
  core_want_job(core, core->job, delay);
}

void jobs_close(struct core *core) {
  if (!core->job_thread) return;
  InterlockedExchange(&core->is_cancelled, 1);
  WaitForSingleObject(core->job_thread, 5000);
}
