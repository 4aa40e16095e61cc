#ifndef GURUCONNECT_BACK_OFF_H
#define GURUCONNECT_BACK_OFF_H

#include <stdint.h>

/** Why the server did not let this machine in. */
enum refusal_kind {
  REFUSAL_NONE,
  /** Removed, as far as the server knows, or too old for it. */
  REFUSAL_GONE,
  /** Another computer uses this identity. */
  REFUSAL_CONFLICT,
  REFUSAL_UNAUTHENTICATED,
  /** The server said when to come back. */
  REFUSAL_RETRY_AFTER,
};

struct refusal {
  enum refusal_kind kind;
  /** Of REFUSAL_RETRY_AFTER. */
  uint32_t retry_after_ms;
};

/**
 * Exponential with full jitter, so that thousands of machines do not come in herds; when the server says how long,
 * that and up to a quarter more. The same as the agent's presence-back-off.ts.
 *
 * @param failures in a row, with the last one
 * @param chance from 0 to below 1
 */
uint32_t presence_delay_ms(unsigned failures, struct refusal why, double chance);

/** Before a program that ended is started again: 1 s, doubling, at most 60 s. */
uint32_t restart_delay_ms(unsigned failures);

/** Before a job (enrolment, check-in) is tried again: up to 5 s, doubling, up to 5 min. */
uint32_t job_delay_ms(unsigned failures, double chance);

#endif
