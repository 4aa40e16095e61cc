#include "core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/win/crypto.h"
#include "../common/win/log.h"
#include "../common/win/release.h"
#include "core-run.h"
#include "enrolment.h"
#include "machine-request.h"
#include "network-change.h"
#include "service-names.h"
#include "update-client.h"

enum {
  /** The loop looks at everything so often, without being told. */
  LOOK_EVERY_MS = 5000,
  LOOK_BUSY_MS = 500,
  /** Whoever changes its address gets several; one answer is enough. */
  NETWORK_SETTLES_MS = 3000,
  FIRST_INTERVAL = 900,
  FIRST_POLL_MS = 30000,
};

double core_chance(void) {
  uint32_t value = 0;
  random_bytes(&value, sizeof value);
  return value / 4294967296.0;
}

ULONGLONG core_in(double milliseconds) {
  return GetTickCount64() + (ULONGLONG)milliseconds + 1;
}

void core_want_job(struct core *core, enum core_job job, double in_milliseconds) {
  ULONGLONG due = core_in(in_milliseconds);
  if (core->job_due[job] == NEVER || due < core->job_due[job]) core->job_due[job] = due;
}

void core_judge_health(struct core *core) {
  bool is_healthy = core->is_line_up && core->has_checked_in && core->control;
  if (!core->is_on_trial || core->is_promoted || !is_healthy) return;
  log_line("this version works: online and checked in");
  core->is_promoted = line_channel_send(core->control, "{\"type\":\"healthy\"}");
}

static void line_changed(struct core *core, bool is_up, const char *problem) {
  core->is_line_up = is_up;
  core->online_since = now_ms() / 1000;
  snprintf(core->problem, sizeof core->problem, "%s", problem);
  status_write(core);
  if (!is_up) return;
  check_in_line_is_up(core);
  core_want_job(core, JOB_REPORT, 0);
  core_want_job(core, JOB_UPDATE, FIRST_POLL_MS * core_chance());
  core_judge_health(core);
}

static void take_order(struct core *core, const struct presence_frame *frame) {
  switch (frame->type) {
    case FRAME_START_SESSION:
    case FRAME_STOP:
      sessions_take(core, frame);
      break;
    case FRAME_CHECK_IN:
      check_in_soon(core, frame->within_ms);
      break;
    case FRAME_UPDATE:
      core->is_update_nudged = true;
      core_want_job(core, JOB_UPDATE, 0);
      break;
    default:
      break;
  }
}

/** It is enrolled now: what was to wait for that begins. */
static void come_to_life(struct core *core) {
  core->is_enrolled = identity_load(core->config, &core->folders, &core->identity);
  if (!core->is_enrolled) return;
  // An MSI brings its token again with every repair and upgrade.
  forget_token(&core->folders);
  core->check_in_seconds = core->identity.check_in_seconds;
  if (has_registry_labels()) core_want_job(core, JOB_RECONFIGURE, 0);
  log_line("this is machine %s", core->identity.machine_id);
  core->line = presence_line_open(core->config, &core->identity, core->queue);
  core->tray = tray_pipe_open(core->config, &core->identity);
  status_write(core);
}

static void job_ended(struct core *core, const struct core_event *event) {
  enum core_job job = core->job;
  jobs_done(core, event);
  if (job == JOB_ENROL) {
    if (event->number == 0) come_to_life(core);
    else snprintf(core->problem, sizeof core->problem, "%s", event->text);
    status_write(core);
  } else if (job == JOB_PACK && event->number == 0 && !core->is_enrolled) {
    core_want_job(core, JOB_ENROL, 0);
  }
}

static void take(struct core *core, const struct core_event *event) {
  switch (event->type) {
    case EVENT_STOP:
      core->is_stopping = true;
      break;
    case EVENT_SESSION_CHANGE:
      sessions_console_changed(core);
      break;
    case EVENT_PROMOTED:
      core->is_on_trial = false;
      tray_program_place(core);
      status_write(core);
      core_want_job(core, JOB_REPORT, 0);
      break;
    case EVENT_LINE_UP:
      line_changed(core, true, "");
      break;
    case EVENT_LINE_DOWN:
      line_changed(core, false, event->text);
      break;
    case EVENT_SERVER:
      take_order(core, &event->frame);
      break;
    case EVENT_NODE_OPEN:
      sessions_node_opened(core, event);
      break;
    case EVENT_NODE_SAID:
      sessions_node_said(core, event);
      check_in_said(core, event);
      break;
    case EVENT_JOB_DONE:
      job_ended(core, event);
      break;
  }
}

/** How long nothing is due. */
static DWORD rest(const struct core *core) {
  bool is_busy = core->check_in.is_started || sessions_any(core);
  DWORD most = is_busy ? LOOK_BUSY_MS : LOOK_EVERY_MS;
  ULONGLONG now = GetTickCount64(), due = now + most;
  if (core->check_in_due != NEVER && core->check_in_due < due && core->has_pack) due = core->check_in_due;
  for (int job = 0; job < JOB_COUNT; job++) {
    // What waits for something else is looked at when that happens.
    if (core->job_due[job] > now && core->job_due[job] < due) due = core->job_due[job];
  }
  return due > now ? (DWORD)(due - now) : LOOK_BUSY_MS;
}

/** Until something comes or is due; true when it was the network that changed. */
static bool wait_for_something(struct core *core, const struct network_change *network) {
  HANDLE handles[4];
  DWORD count = 0;
  handles[count++] = event_queue_ready(core->queue);
  if (core->control) handles[count++] = line_channel_event(core->control);
  if (core->tray) handles[count++] = tray_pipe_event(core->tray);
  if (network) handles[count++] = network_change_event(network);
  DWORD woken = WaitForMultipleObjects(count, handles, FALSE, rest(core));
  if (core->control) line_channel_pump(core->control);
  if (core->tray) tray_pipe_pump(core->tray);
  return network && woken == WAIT_OBJECT_0 + count - 1;
}

static void loop(struct core *core) {
  struct network_change *network = network_change_watch();
  while (!core->is_stopping && !(core->wants_switch && !sessions_any(core))) {
    // The job that asks for the switch says so before it ends.
    bool has_network_changed = wait_for_something(core, network);
    struct core_event event;
    while (event_queue_take(core->queue, &event)) take(core, &event);
    if (has_network_changed) {
      network_change_again(network);
      log_line("the network changed");
      if (core->line && !core->is_line_up) presence_line_reconnect(core->line);
      check_in_soon(core, NETWORK_SETTLES_MS * 10);
    }
    if (core->line) presence_line_check(core->line);
    jobs_tend(core);
    sessions_tend(core);
    check_in_tend(core);
    safe_mode_tend(core);
  }
  network_change_close(network);
}

static void control_said(void *context, const struct json *json) {
  struct core *core = context;
  const struct json_node *type = json_member(json, json->nodes, "type");
  if (json_is(json, type, "stop")) event_queue_tell(core->queue, EVENT_STOP);
  else if (json_is(json, type, "session-change")) event_queue_tell(core->queue, EVENT_SESSION_CHANGE);
  else if (json_is(json, type, "promoted")) event_queue_tell(core->queue, EVENT_PROMOTED);
}

/** Without the stub nobody looks after it: the service starts another one. */
static void control_ended(void *context) {
  struct core *core = context;
  event_queue_tell(core->queue, EVENT_STOP);
}

static bool find_ui(struct core *core) {
  wchar_t folder[PATH_CAPACITY];
  if (core->slot != SLOT_NONE) {
    return slot_folder(&core->folders, core->slot, folder) && path_join(core->ui, folder, UI_FILE);
  }
  return path_of_self(folder) && path_folder(folder, folder) && path_join(core->ui, folder, UI_FILE);
}

static bool write_authority(const struct core *core, struct failure *failure) {
  wchar_t file[PATH_CAPACITY];
  const char *ca = core->config->ca;
  if (!ca[0]) return true;
  return path_join(file, core->folders.data, L"ca.pem") && write_file(file, ca, strlen(ca), failure);
}

static bool prepare(struct core *core, const struct core_options *options, struct failure *failure) {
  wchar_t log[PATH_CAPACITY];
  if (!service_folders_name(&core->folders, failure) || !service_folders_make(&core->folders, failure)) return false;
  if (path_join(log, core->folders.logs, L"service.log")) log_open(log);
  core->slot = options->slot;
  core->is_on_trial = options->is_on_trial;
  core->check_in_seconds = FIRST_INTERVAL;
  core->pack_use = INVALID_HANDLE_VALUE;
  core->started_at = GetTickCount64();
  core->online_since = now_ms() / 1000;
  core->queue = event_queue_create();
  if (!core->queue || !find_ui(core)) return fail(failure, EXIT_UNEXPECTED, "There is no memory.");
  core->setup = (struct node_setup){core->config, &core->folders, core->pack, core->ui, core->queue, NULL, &core->proxy};
  struct line_handler handler = {core, control_said, NULL, control_ended, true};
  if (options->control) {
    core->control = line_channel_connect(options->control, 10000, &handler, failure);
    if (!core->control) return false;
  }
  return write_authority(core, failure);
}

static void finish(struct core *core) {
  InterlockedExchange(&core->is_cancelled, 1);
  if (core->line) presence_line_close(core->line);
  if (core->tray) tray_pipe_close(core->tray);
  sessions_close(core);
  node_close(&core->check_in);
  jobs_close(core);
  core->is_line_up = false;
  core->online_since = now_ms() / 1000;
  status_write(core);
}

int core_run(const struct config *config, const struct core_options *options) {
  struct failure failure;
  struct core *core = calloc(1, sizeof *core);
  if (!core) return EXIT_UNEXPECTED;
  core->config = config;
  if (!prepare(core, options, &failure)) {
    log_line("%s", failure.text);
    return (int)failure.code;
  }
  log_line("version %s starts from slot %s%s", config->version, slot_name(core->slot),
           core->is_on_trial ? ", on trial" : "");
  // It is no failure of this version when the list is not there yet: the job fetches it.
  core->has_manifest = core->slot != SLOT_NONE
                           ? slot_manifest(config, &core->folders, core->slot, &core->manifest, &failure)
                           : manifest_from_resources(config, &core->manifest, &failure);
  take_token_from_registry(&core->folders);
  tray_program_place(core);
  safe_mode_begin(core);
  core_want_job(core, JOB_PACK, 0);
  come_to_life(core);
  if (!core->is_enrolled) status_write(core);
  loop(core);
  finish(core);
  log_line("stopped");
  return core->wants_switch ? EXIT_SWITCH : EXIT_OK;
}
