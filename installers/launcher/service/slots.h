#ifndef GURUCONNECT_SLOTS_H
#define GURUCONNECT_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Which of the two slots runs, which is on trial, and what was refused: the state that lives in `slots\state.json`,
 * and the rules by which it moves. Portable; the stub and the core read and write the file.
 */
enum slot { SLOT_NONE, SLOT_A, SLOT_B };

enum {
  MAX_REFUSED = 8,
  MAX_TRIALS = 3,
  /** A trial is prolonged once a minute while nobody reaches the server, and no longer than a day. */
  MAX_PROLONGED = 24 * 60,
  VERSION_SIZE = 41,
  SHA256_HEX_SIZE = 65,
  REASON_SIZE = 240,
};

/** A version that must not be taken again by itself. */
struct refused_update {
  char manifest_sha256[SHA256_HEX_SIZE];
  char version[VERSION_SIZE];
  char reason[REASON_SIZE];
  /** Seconds since 1970. */
  int64_t at;
};

enum update_outcome { OUTCOME_NONE, OUTCOME_UPDATED, OUTCOME_ROLLED_BACK, OUTCOME_REFUSED, OUTCOME_FAILED };

/** What the server is still to be told. */
struct update_report {
  enum update_outcome outcome;
  char manifest_sha256[SHA256_HEX_SIZE];
  char version[VERSION_SIZE];
  char reason[REASON_SIZE];
};

struct slots_state {
  /** What ran well last; SLOT_NONE is the installed program itself. */
  enum slot active;
  /** What is to prove itself; SLOT_NONE when nothing is. */
  enum slot pending;
  char pending_sha256[SHA256_HEX_SIZE];
  char pending_version[VERSION_SIZE];
  /** Starts of the pending slot so far, kept on disk: a version that takes the computer down is found out, too. */
  uint32_t trials;
  /** How often its trial was prolonged, kept on disk as well. */
  uint32_t prolonged;
  struct refused_update refused[MAX_REFUSED];
  uint32_t refused_count;
  struct update_report report;
};

/** False for text that is no such state; `state` is then that of a computer that was never updated. */
bool slots_parse(const char *text, size_t size, struct slots_state *state);

/** False when it does not fit; 8 KiB always do. */
bool slots_encode(const struct slots_state *state, char *out, size_t capacity);

/** The letter of a slot, or `none`. */
const char *slot_name(enum slot slot);

/** The slot that a new version goes into: the one that does not run. */
enum slot slot_for_update(enum slot running);

/** A new version lies in `slot`: it is on trial from the next start. */
void slots_stage(struct slots_state *state, enum slot slot, const char *version, const char *manifest_sha256);

/** What is to be started now: the slot on trial, else the active one. */
enum slot slots_current(const struct slots_state *state);

/** Counts a start of the slot on trial; false when it had its chances, and is to be rolled back. */
bool slots_begin_trial(struct slots_state *state);

/** Its trial goes on without fault of its own, and its starts so far do not count; false when that was so too often. */
bool slots_prolong(struct slots_state *state);

/** The slot on trial has proved itself: it is the active one, and the server is told. */
void slots_promote(struct slots_state *state);

/** The slot on trial has failed: the one before it goes on, the version is refused, and the server is told why. */
void slots_roll_back(struct slots_state *state, const char *reason, int64_t now);

/** Refuses a version that was never started. */
void slots_refuse(struct slots_state *state, const char *version, const char *manifest_sha256, const char *reason,
                  int64_t now);

/** Why a manifest is not taken again, or NULL. */
const struct refused_update *slots_find_refused(const struct slots_state *state, const char *manifest_sha256);

/** Somebody wants it tried again. */
void slots_forgive(struct slots_state *state, const char *manifest_sha256);

/** The word for the server: `updated`, `rolled-back`, `refused` or `failed`. */
const char *outcome_name(enum update_outcome outcome);

#endif
