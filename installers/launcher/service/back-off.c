#include "back-off.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static uint32_t doubled(uint32_t first, unsigned failures, uint32_t most) {
  unsigned times = failures > 0 ? failures - 1 : 0;
  if (times > 10) times = 10;
  uint64_t value = (uint64_t)first << times;
  return value < most ? (uint32_t)value : most;
}

static uint32_t part_of(uint32_t value, double part) {
  return (uint32_t)((double)value * part);
}

uint32_t presence_delay_ms(unsigned failures, struct refusal why, double chance) {
  switch (why.kind) {
    case REFUSAL_GONE:
      // Whoever removed it by mistake brings it back within minutes; later than that one try an hour is enough.
      return part_of(doubled(MINUTE, failures, HOUR), 0.9 + 0.2 * chance);
    case REFUSAL_CONFLICT:
      return part_of(5 * MINUTE, 0.5 + chance);
    case REFUSAL_UNAUTHENTICATED:
      return part_of(5 * MINUTE, chance);
    case REFUSAL_RETRY_AFTER:
      return part_of(why.retry_after_ms < HOUR ? why.retry_after_ms : HOUR, 1 + 0.25 * chance);
    case REFUSAL_NONE:
      break;
  }
  return part_of(doubled(500, failures, 15 * SECOND), chance);
}

uint32_t restart_delay_ms(unsigned failures) {
  return doubled(SECOND, failures, MINUTE);
}

uint32_t job_delay_ms(unsigned failures, double chance) {
  return part_of(doubled(5 * SECOND, failures, 5 * MINUTE), 0.5 + 0.5 * chance);
}
