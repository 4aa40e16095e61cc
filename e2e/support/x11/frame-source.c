/*
 * A full-screen source of whole frames: each is painted by one XShmPutImage, so that nothing torn ever is on
 * the screen itself. Usage: frame-source <gradient|film|desk|text> <frames a second> [keys]
 *
 * `gradient` scrolls a picture sideways, which encoders foretell by its motion; `film` does the same with new grain in
 * each frame, as cameras have it, and costs as many bits as there are; `desk` is a picture that scrolls and, over it, a
 * window with such a film; `text` scrolls a page upwards.
 *
 * The frame's number stands as a bar code at the left edge of each of BANDS horizontal bands (see bar-code.h);
 * a viewer that finds different numbers in two bands of one picture has been given a torn frame.
 * Prints `ready <width> <height> <bands>`, then `frame <number> <microseconds of CLOCK_REALTIME>` after each paint.
 *
 * With `keys` all of this is in the lower half of the screen. The upper one is black and turns white, and back, on
 * each key press, which prints `flip <count> <black|white> <microseconds>`.
 */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <math.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <time.h>
#include "bar-code.h"

/* Grain comes again after so many frames: longer than encoders remember. */
enum { MOST_PICTURES = 12 };

struct screen {
  Display *display;
  Window window;
  GC gc;
  XImage *image;
  XShmSegmentInfo shm;
  int width, height;
  /* Where the frames begin; above it is what keys turn. */
  int top;
  unsigned flips;
};

static long long nanoseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int open_screen(struct screen *s, int has_keys) {
  s->display = XOpenDisplay(NULL);
  if (!s->display || !XShmQueryExtension(s->display)) return 0;
  int screen = DefaultScreen(s->display);
  s->width = DisplayWidth(s->display, screen);
  s->height = DisplayHeight(s->display, screen);
  XSetWindowAttributes attributes = {.override_redirect = True};
  s->window = XCreateWindow(s->display, RootWindow(s->display, screen), 0, 0, s->width, s->height, 0, CopyFromParent,
                            InputOutput, CopyFromParent, CWOverrideRedirect, &attributes);
  XSelectInput(s->display, s->window, ExposureMask | (has_keys ? KeyPressMask : 0));
  XMapRaised(s->display, s->window);
  XEvent event;
  XWindowEvent(s->display, s->window, ExposureMask, &event);
  s->gc = XCreateGC(s->display, s->window, 0, NULL);
  if (has_keys) {
    XSetInputFocus(s->display, s->window, RevertToParent, CurrentTime);
    XFillRectangle(s->display, s->window, s->gc, 0, 0, s->width, s->height / 2);
    s->top = s->height / 2;
    s->height -= s->top;
  }
  s->image = XShmCreateImage(s->display, DefaultVisual(s->display, screen), DefaultDepth(s->display, screen), ZPixmap,
                             NULL, &s->shm, s->width, s->height);
  if (!s->image || s->image->bits_per_pixel != 32) return 0;
  s->shm.shmid = shmget(IPC_PRIVATE, (size_t)s->image->bytes_per_line * s->height, IPC_CREAT | 0600);
  s->shm.shmaddr = s->image->data = shmat(s->shm.shmid, NULL, 0);
  s->shm.readOnly = True;
  XShmAttach(s->display, &s->shm);
  XSync(s->display, False);
  /* The segment goes away with the last of its two users, also after a crash. */
  shmctl(s->shm.shmid, IPC_RMID, NULL);
  return 1;
}

/* A photograph's stand-in: smooth, colourful and with grain of its own by the seed, to scroll over. */
static uint32_t *make_picture(int width, int height, uint32_t seed) {
  uint32_t *picture = malloc((size_t)width * height * 4);
  uint32_t noise = 12345 + seed;
  for (int y = 0; picture && y < height; y++) {
    for (int x = 0; x < width; x++) {
      double u = 2 * M_PI * x / width, v = (double)y / height;
      noise = noise * 1664525u + 1013904223u;
      int grain = (int)(noise >> 28) - 8;
      int r = (int)(127 + 100 * sin(3 * u + 4 * v)) + grain;
      int g = (int)(127 + 100 * sin(2 * u - 3 * v + 1)) + grain;
      int b = (int)(127 + 100 * cos(5 * u + 2 * v)) + grain;
      picture[(size_t)y * width + x] = (uint32_t)r << 16 | (uint32_t)g << 8 | (uint32_t)b;
    }
  }
  return picture;
}

/* A page of words on white, twice as high as the screen, in the X server's own fixed font. */
static uint32_t *make_text(struct screen *s, int height) {
  static const char *const words[] = {"service", "started", "error", "0x7ffd", "the", "printer", "queue", "is",
                                      "empty", "user", "signed", "in", "172.16.0.4", "warning:", "disk", "at", "91%"};
  uint32_t *page = malloc((size_t)s->width * height * 4);
  Pixmap canvas = XCreatePixmap(s->display, s->window, s->width, height, DefaultDepth(s->display, DefaultScreen(s->display)));
  XFontStruct *font = XLoadQueryFont(s->display, "fixed");
  if (!page || !font) return NULL;
  XSetFont(s->display, s->gc, font->fid);
  XSetForeground(s->display, s->gc, 0xffffff);
  XFillRectangle(s->display, canvas, s->gc, 0, 0, s->width, height);
  XSetForeground(s->display, s->gc, 0x1f2937);
  uint32_t random = 99;
  for (int y = 14; y < height; y += 16) {
    for (int x = BAR_CELLS * BAR_CELL_WIDTH + 8; x < s->width - 80;) {
      random = random * 1664525u + 1013904223u;
      const char *word = words[(random >> 16) % (sizeof words / sizeof *words)];
      XDrawString(s->display, canvas, s->gc, x, y, word, (int)strlen(word));
      x += XTextWidth(font, word, (int)strlen(word)) + 7;
      if (random >> 28 == 0) break;
    }
  }
  XImage *drawn = XGetImage(s->display, canvas, 0, 0, s->width, height, AllPlanes, ZPixmap);
  for (int y = 0; y < height; y++) {
    memcpy(page + (size_t)y * s->width, drawn->data + (size_t)y * drawn->bytes_per_line, (size_t)s->width * 4);
  }
  XDestroyImage(drawn);
  XFreePixmap(s->display, canvas);
  return page;
}

static void compose_gradient(struct screen *s, const uint32_t *picture, unsigned frame) {
  int shift = (int)(frame * 6 % (unsigned)s->width);
  for (int y = 0; y < s->height; y++) {
    uint32_t *row = (uint32_t *)(s->image->data + (size_t)y * s->image->bytes_per_line);
    const uint32_t *from = picture + (size_t)y * s->width;
    memcpy(row, from + shift, (size_t)(s->width - shift) * 4);
    memcpy(row + s->width - shift, from, (size_t)shift * 4);
  }
}

/* The film's window: three tenths of the width, four of the height, off the centre as windows are. */
static void compose_window(struct screen *s, const uint32_t *picture, unsigned frame) {
  int left = s->width / 2, width = s->width * 3 / 10, top = s->height * 3 / 10, height = s->height * 4 / 10;
  int shift = (int)(frame * 4 % (unsigned)(s->width - width));
  for (int y = 0; y < height; y++) {
    uint32_t *row = (uint32_t *)(s->image->data + (size_t)(top + y) * s->image->bytes_per_line);
    memcpy(row + left, picture + (size_t)y * s->width + shift, (size_t)width * 4);
  }
}

static void compose_text(struct screen *s, const uint32_t *page, int page_height, unsigned frame) {
  for (int y = 0; y < s->height; y++) {
    int from = (int)((frame * 3 + (unsigned)y) % (unsigned)page_height);
    memcpy(s->image->data + (size_t)y * s->image->bytes_per_line, page + (size_t)from * s->width,
           (size_t)s->width * 4);
  }
}

static void put_bar_codes(struct screen *s, unsigned frame) {
  for (int band = 0; band < BAR_BANDS; band++) {
    int top = s->height * band / BAR_BANDS, bottom = s->height * (band + 1) / BAR_BANDS;
    for (int y = top; y < bottom; y++) {
      uint32_t *row = (uint32_t *)(s->image->data + (size_t)y * s->image->bytes_per_line);
      for (int x = 0; x < BAR_CELLS * BAR_CELL_WIDTH; x++) row[x] = bar_colour(frame, x / BAR_CELL_WIDTH);
    }
  }
}

/* Until the time has come, answers keys at once. */
static void wait_until(struct screen *s, long long when) {
  for (;;) {
    while (XPending(s->display)) {
      XEvent event;
      XNextEvent(s->display, &event);
      if (event.type != KeyPress) continue;
      int screen = DefaultScreen(s->display), is_white = ++s->flips % 2;
      XSetForeground(s->display, s->gc, is_white ? WhitePixel(s->display, screen) : BlackPixel(s->display, screen));
      XFillRectangle(s->display, s->window, s->gc, 0, 0, s->width, s->top);
      XSync(s->display, False);
      printf("flip %u %s %lld\n", s->flips, is_white ? "white" : "black", nanoseconds(CLOCK_REALTIME) / 1000);
    }
    long long left = when - nanoseconds(CLOCK_MONOTONIC);
    if (left <= 0) return;
    struct timespec timeout = {left / 1000000000LL, left % 1000000000LL};
    struct pollfd events = {.fd = ConnectionNumber(s->display), .events = POLLIN};
    ppoll(&events, 1, &timeout, NULL);
  }
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  int is_text = argc > 1 && strcmp(argv[1], "text") == 0;
  double rate = argc > 2 ? atof(argv[2]) : 60;
  struct screen s = {0};
  if (rate <= 0 || !open_screen(&s, argc > 3 && strcmp(argv[3], "keys") == 0)) {
    fprintf(stderr, "frame-source: no display with shared memory and 32 bits a pixel\n");
    return 1;
  }
  int page_height = is_text ? s.height * 2 : s.height;
  int is_desk = argc > 1 && strcmp(argv[1], "desk") == 0;
  unsigned pictures = is_desk || (argc > 1 && strcmp(argv[1], "film") == 0) ? MOST_PICTURES : 1;
  uint32_t *content[MOST_PICTURES];
  for (unsigned i = 0; i < pictures; i++) {
    content[i] = is_text ? make_text(&s, page_height) : make_picture(s.width, s.height, i);
    if (!content[i]) return 1;
  }
  printf("ready %d %d %d\n", s.width, s.height, BAR_BANDS);
  long long period = (long long)(1e9 / rate), next = nanoseconds(CLOCK_MONOTONIC);
  for (unsigned frame = 1;; frame++) {
    if (is_text) compose_text(&s, content[0], page_height, frame);
    else compose_gradient(&s, content[is_desk ? 0 : frame % pictures], frame);
    if (is_desk) compose_window(&s, content[frame % pictures], frame);
    put_bar_codes(&s, frame);
    XShmPutImage(s.display, s.window, s.gc, s.image, 0, 0, 0, s.top, s.width, s.height, False);
    /* The X server reads the segment itself: it must be done before we paint the next frame into it. */
    XSync(s.display, False);
    printf("frame %u %lld\n", frame, nanoseconds(CLOCK_REALTIME) / 1000);
    next += period;
    long long now = nanoseconds(CLOCK_MONOTONIC);
    if (next < now) next = now;
    wait_until(&s, next);
  }
}
