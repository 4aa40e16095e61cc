#ifndef GURUCONNECT_CORE_H
#define GURUCONNECT_CORE_H

#include "../common/parse/manifest.h"
#include "../common/win/line-channel.h"
#include "node-process.h"
#include "presence-line.h"
#include "reboot-plan.h"
#include "tray-pipe.h"

enum { MOST_SESSIONS = 2 };

/** What the core does beside its loop, one after the other on a thread of its own, in this order when several wait. */
enum core_job { JOB_PACK, JOB_ENROL, JOB_RECONFIGURE, JOB_REPORT, JOB_UPDATE, JOB_COUNT };

/** A session that the server wants on this machine. */
struct wanted_session {
  struct node node;
  bool is_wanted;
  /** It has said that it is over, or was told to stop: it is not started again. */
  bool is_ending;
  /** Its node ends because another Windows session is on the screen. */
  bool is_moving;
  char session_id[37], token[64];
  unsigned failures;
  /** When it is started (again), or ended by force. */
  ULONGLONG due;
};

/** The core of the service: everything that it knows. Only its main thread changes it, a job its own part. */
struct core {
  const struct config *config;
  struct service_folders folders;
  struct event_queue *queue;
  /** Where the stub listens; NULL for a core that runs by itself. */
  struct line_channel *control;
  enum slot slot;
  bool is_on_trial, is_promoted;
  uint32_t health_ms;

  struct identity identity;
  bool is_enrolled, is_line_up, is_stopping, wants_switch;
  char problem[320];
  int64_t online_since;
  struct presence_line *line;

  struct manifest manifest;
  bool has_manifest, has_pack;
  wchar_t pack[PATH_CAPACITY], ui[PATH_CAPACITY];
  /** What people's trays are to run; empty while a version on trial has to show that it stays. */
  wchar_t tray_program[PATH_CAPACITY];
  HANDLE pack_use;
  struct node_setup setup;

  struct wanted_session sessions[MOST_SESSIONS];
  struct node check_in;
  ULONGLONG check_in_due, check_in_ended_at;
  bool is_check_in_answered;
  uint32_t check_in_seconds;
  unsigned check_in_failures;
  bool has_checked_in;

  HANDLE job_thread;
  enum core_job job;
  ULONGLONG job_due[JOB_COUNT];
  unsigned job_failures[JOB_COUNT];
  struct failure job_failure;
  /** How the server is reached: found by each job, and taken over when it has ended. */
  struct http_proxy job_proxy, proxy;
  uint32_t poll_seconds;
  /** Somebody asked for it by the line: a version that failed once is tried again. */
  bool is_update_nudged;
  volatile LONG is_cancelled;

  struct tray_pipe *tray;
  struct safe_mode_view safe_mode;
  ULONGLONG started_at, safe_mode_due;
};

enum { NEVER = 0 };

/** From 0 to below 1. */
double core_chance(void);

/** Now and at the moment of start in ms, or NEVER. */
ULONGLONG core_in(double milliseconds);

/** Asks for a job at once, unless it was due earlier. */
void core_want_job(struct core *core, enum core_job job, double in_milliseconds);

/* core-sessions.c */
void sessions_take(struct core *core, const struct presence_frame *frame);
void sessions_node_opened(struct core *core, const struct core_event *event);
void sessions_node_said(struct core *core, const struct core_event *event);
void sessions_console_changed(struct core *core);
/** Starts what is due and ends what takes too long. */
void sessions_tend(struct core *core);
void sessions_close(struct core *core);
bool sessions_any(const struct core *core);

/* core-check-in.c */
void check_in_soon(struct core *core, uint32_t within_ms);
void check_in_line_is_up(struct core *core);
void check_in_said(struct core *core, const struct core_event *event);
void check_in_tend(struct core *core);

/* core-jobs.c */
/** Starts a job that is due, when none runs. */
void jobs_tend(struct core *core);
void jobs_done(struct core *core, const struct core_event *event);
void jobs_close(struct core *core);

/* core-status.c */
/** Writes `public\status.json` for the tray. */
void status_write(const struct core *core);

/* core-tray.c */
/** Puts the window program of the version that stays where everybody may start it, and notes where that is. */
void tray_program_place(struct core *core);

/* core-safe-mode.c */
/** Leaves a Safe Mode that was ours: its boot value at the start, the mode itself when nobody is heard. */
void safe_mode_begin(struct core *core);
void safe_mode_tend(struct core *core);

/** Says that the version on trial works, once it has shown that. */
void core_judge_health(struct core *core);

#endif
