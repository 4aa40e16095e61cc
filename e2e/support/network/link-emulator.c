/*
 * Joins two network namespaces by a TUN device in each, and carries packets between them as a worse line would:
 *   link-emulator <namespace a> <device a> <namespace b> <device b> [seed]
 *
 * Reads commands from standard input, one a line; its end ends the program, and the devices go with it.
 *   set <ab|ba|both> <key>=<value> …       now
 *   at <ms> <ab|ba|both> <key>=<value> …   that long from now
 *   measure                                counts from zero
 *   report                                 prints the counts
 * Keys: rate (bit/s), delay, jitter (ms), loss (0..1), burst-enter, burst-leave, burst-loss (0..1, Gilbert-Elliott),
 * queue-bytes, queue-ms (the queue's limit), cut (0 or 1). 0 is no limit, no delay, no loss.
 *
 * Prints a JSON object a line: `ready`, a `sample` every 100 ms, a `step` for each change of `at`, `report`, `error`.
 */
#include <ctype.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include "link-direction.h"

enum { LARGEST_PACKET = 65536, MOST_STEPS = 64, READS_AT_ONCE = 64 };
static const int64_t MS = 1000000, SAMPLE_EVERY = 100000000;

struct step {
  int64_t at;
  char change[200];
};

static struct direction ab, ba;
static struct step steps[MOST_STEPS];
static int step_count;

static int64_t clock_ns(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* In ms of the wall clock, which every process of the machine shares. */
static double wall_ms(void) { return (double)clock_ns(CLOCK_REALTIME) / 1e6; }

static int open_tun(const char *namespace, const char *device) {
  char path[300];
  snprintf(path, sizeof path, "/var/run/netns/%s", namespace);
  int space = open(path, O_RDONLY | O_CLOEXEC);
  if (space < 0 || setns(space, CLONE_NEWNET) != 0) return -1;
  close(space);
  int tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", device);
  return tun >= 0 && ioctl(tun, TUNSETIFF, &request) == 0 ? tun : -1;
}

static int by_size(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

/* Nearest rank, in ms. The waits must be sorted. */
static double wait_at(const struct counts *c, double share) {
  if (c->waits_used == 0) return 0;
  size_t rank = (size_t)ceil(share * (double)c->waits_used);
  return c->waits[rank ? rank - 1 : 0] / 1000.0;
}

static void print_counts(const char *name, struct direction *d, struct counts *c) {
  qsort(c->waits, c->waits_used, sizeof *c->waits, by_size);
  printf("\"%s\":{\"bytes\":%llu,\"packets\":%llu,\"lost\":%llu,\"dropped\":%llu,\"cut\":%llu,\"capacityBytes\":%.0f,"
         "\"backlogBytes\":%llu,\"lateMs\":{\"mean\":%.3f,\"max\":%.3f},\"queueMs\":{\"p50\":%.3f,\"p95\":%.3f,\"max\":%.3f,\"n\":%zu}}",
         name, (unsigned long long)c->bytes, (unsigned long long)c->packets, (unsigned long long)c->lost,
         (unsigned long long)c->dropped, (unsigned long long)c->cut, c->capacity, (unsigned long long)d->backlog,
         c->packets ? c->late / (double)c->packets / 1e6 : 0, (double)c->latest / 1e6, wait_at(c, 0.5),
         wait_at(c, 0.95), wait_at(c, 1), c->waits_used);
}

static void print_event(const char *event, int is_total) {
  int64_t now = clock_ns(CLOCK_MONOTONIC);
  count_capacity(&ab, now);
  count_capacity(&ba, now);
  printf("{\"event\":\"%s\",\"atMs\":%.3f,", event, wall_ms());
  print_counts("ab", &ab, is_total ? &ab.total : &ab.sample);
  printf(",");
  print_counts("ba", &ba, is_total ? &ba.total : &ba.sample);
  printf("}\n");
}

static int change(struct direction *d, const char *key, double value, int64_t now) {
  if (strcmp(key, "rate") == 0) set_rate(d, value, now);
  else if (strcmp(key, "delay") == 0) d->delay = (int64_t)(value * (double)MS);
  else if (strcmp(key, "jitter") == 0) d->jitter = (int64_t)(value * (double)MS);
  else if (strcmp(key, "loss") == 0) d->loss = value;
  else if (strcmp(key, "burst-enter") == 0) d->burst_enter = value;
  else if (strcmp(key, "burst-leave") == 0) d->burst_leave = value;
  else if (strcmp(key, "burst-loss") == 0) d->burst_loss = value;
  else if (strcmp(key, "queue-bytes") == 0) d->queue_bytes = (uint64_t)value;
  else if (strcmp(key, "queue-ms") == 0) d->queue_time = (int64_t)(value * (double)MS);
  else if (strcmp(key, "cut") == 0) {
    count_capacity(d, now);
    d->is_cut = value != 0;
  } else return 0;
  return 1;
}

/* `<ab|ba|both> key=value …`; returns 0 when a word is not understood. */
static int apply(const char *text, int64_t now) {
  char copy[200], *rest = NULL;
  snprintf(copy, sizeof copy, "%s", text);
  char *which = strtok_r(copy, " ", &rest);
  int is_ab = which && (strcmp(which, "ab") == 0 || strcmp(which, "both") == 0);
  int is_ba = which && (strcmp(which, "ba") == 0 || strcmp(which, "both") == 0);
  if (!is_ab && !is_ba) return 0;
  for (char *word; (word = strtok_r(NULL, " ", &rest));) {
    char *equals = strchr(word, '='), *end = NULL;
    if (!equals) return 0;
    *equals = '\0';
    double value = strtod(equals + 1, &end);
    if (end == equals + 1 || *end != '\0' || !isfinite(value) || value < 0) return 0;
    if ((is_ab && !change(&ab, word, value, now)) || (is_ba && !change(&ba, word, value, now))) return 0;
  }
  return 1;
}

static int command(char *line, int64_t now) {
  if (strcmp(line, "measure") == 0) {
    count_capacity(&ab, now);
    count_capacity(&ba, now);
    reset_counts(&ab.total);
    reset_counts(&ba.total);
    return 1;
  }
  if (strcmp(line, "report") == 0) {
    print_event("report", 1);
    return 1;
  }
  if (strncmp(line, "set ", 4) == 0) return apply(line + 4, now);
  char *end = NULL;
  double ms = strncmp(line, "at ", 3) == 0 ? strtod(line + 3, &end) : -1;
  if (ms < 0 || end == line + 3 || *end != ' ' || step_count == MOST_STEPS) return 0;
  steps[step_count].at = now + (int64_t)(ms * (double)MS);
  snprintf(steps[step_count++].change, sizeof steps->change, "%s", end + 1);
  return 1;
}

/* Reads whole lines; returns 0 at the end of the input. */
static int take_commands(int64_t now) {
  static char text[4096];
  static size_t used;
  ssize_t got = read(STDIN_FILENO, text + used, sizeof text - 1 - used);
  if (got <= 0) return got < 0 && (errno == EAGAIN || errno == EINTR);
  used += (size_t)got;
  text[used] = '\0';
  for (char *end; (end = strchr(text, '\n'));) {
    *end = '\0';
    if (!command(text, now)) printf("{\"event\":\"error\",\"atMs\":%.3f}\n", wall_ms());
    used -= (size_t)(end + 1 - text);
    memmove(text, end + 1, used + 1);
  }
  return used < sizeof text - 1;
}

static void take_packets(struct direction *d) {
  static unsigned char buffer[LARGEST_PACKET];
  for (int i = 0; i < READS_AT_ONCE; i++) {
    ssize_t length = read(d->from, buffer, sizeof buffer);
    if (length <= 0) return;
    struct packet *p = malloc(sizeof *p + (size_t)length);
    if (!p) return;
    p->length = (unsigned)length;
    memcpy(p->data, buffer, (size_t)length);
    int64_t now = clock_ns(CLOCK_MONOTONIC);
    advance(d, now);
    arrive(d, p, now);
  }
}

static int64_t run_steps(int64_t now) {
  int64_t next = INT64_MAX;
  for (int i = 0; i < step_count;) {
    if (steps[i].at > now) {
      if (steps[i].at < next) next = steps[i].at;
      i++;
      continue;
    }
    int is_understood = apply(steps[i].change, now);
    printf("{\"event\":\"%s\",\"atMs\":%.3f}\n", is_understood ? "step" : "error", wall_ms());
    memmove(&steps[i], &steps[i + 1], (size_t)(--step_count - i) * sizeof *steps);
  }
  return next;
}

static void run(void) {
  int64_t next_sample = clock_ns(CLOCK_MONOTONIC) + SAMPLE_EVERY;
  struct pollfd events[] = {{ab.from, POLLIN, 0}, {ba.from, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  for (;;) {
    int64_t now = clock_ns(CLOCK_MONOTONIC);
    int64_t next = advance(&ab, now), other = advance(&ba, now), step = run_steps(now);
    if (other < next) next = other;
    if (step < next) next = step;
    if (now >= next_sample) {
      print_event("sample", 0);
      reset_counts(&ab.sample);
      reset_counts(&ba.sample);
      next_sample += SAMPLE_EVERY;
      if (next_sample <= now) next_sample = now + SAMPLE_EVERY;
    }
    if (next_sample < next) next = next_sample;
    int64_t wait = next - clock_ns(CLOCK_MONOTONIC);
    if (wait < 0) wait = 0;
    struct timespec timeout = {wait / 1000000000LL, wait % 1000000000LL};
    if (ppoll(events, 3, &timeout, NULL) <= 0) continue;
    /* A namespace is gone, and its device with it. */
    if ((events[0].revents | events[1].revents) & (POLLERR | POLLNVAL)) return;
    if (events[0].revents) take_packets(&ab);
    if (events[1].revents) take_packets(&ba);
    if (events[2].revents && !take_commands(clock_ns(CLOCK_MONOTONIC))) return;
  }
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (argc < 5) return 2;
  int a = open_tun(argv[1], argv[2]), b = open_tun(argv[3], argv[4]);
  if (a < 0 || b < 0) {
    fprintf(stderr, "link-emulator: no device in %s or %s: %s\n", argv[1], argv[3], strerror(errno));
    return 1;
  }
  uint64_t seed = argc > 5 ? strtoull(argv[5], NULL, 10) : 1;
  int64_t now = clock_ns(CLOCK_MONOTONIC);
  for (int i = 0; i < 2; i++) {
    struct direction *d = i ? &ba : &ab;
    d->from = i ? b : a;
    d->to = i ? a : b;
    d->random = seed * 2654435761u + 88172645463325252ull + (uint64_t)i * 7919;
    d->capacity_until = now;
    fifo_init(&d->queue);
    fifo_init(&d->wire);
  }
  /* On time also while the machine is busy: it runs for microseconds and its timers are the whole point. */
  prctl(PR_SET_TIMERSLACK, 1UL);
  struct sched_param first = {.sched_priority = 10};
  int is_first = sched_setscheduler(0, SCHED_RR, &first) == 0 || setpriority(PRIO_PROCESS, 0, -15) == 0;
  printf("{\"event\":\"ready\",\"atMs\":%.3f,\"isFirst\":%s}\n", wall_ms(), is_first ? "true" : "false");
  run();
  return 0;
}
