/*
 * Covers the screen and turns it from black to white and back on each key press. With the argument `scrolling` it
 * turns the upper half only, while text scrolls in the lower half 30 times a second. Prints one line a press:
 * `flip <count> <black|white> <microseconds of CLOCK_REALTIME when the new picture was on the screen>`, after
 * `ready` once it has the keyboard.
 */
#include <X11/Xlib.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SCROLLS_A_SECOND = 30, LINE_HEIGHT = 16, SCROLL_PIXELS = 8 };

struct stage {
  Display *display;
  Window window;
  GC gc;
  int width, height, flip_height;
  /* Text twice as high as the part it scrolls through; None without scrolling. */
  Pixmap text;
  unsigned scrolled;
};

static long long now_us(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static void paint(struct stage *s, int white) {
  int screen = DefaultScreen(s->display);
  XSetForeground(s->display, s->gc, white ? WhitePixel(s->display, screen) : BlackPixel(s->display, screen));
  XFillRectangle(s->display, s->window, s->gc, 0, 0, s->width, s->flip_height);
  XSync(s->display, False);
}

static void make_text(struct stage *s) {
  int screen = DefaultScreen(s->display), height = 2 * (s->height - s->flip_height);
  s->text = XCreatePixmap(s->display, s->window, s->width, height, DefaultDepth(s->display, screen));
  XSetForeground(s->display, s->gc, 0xffffff);
  XFillRectangle(s->display, s->text, s->gc, 0, 0, s->width, height);
  XSetForeground(s->display, s->gc, 0x1f2937);
  char line[80];
  for (int y = LINE_HEIGHT; y < height; y += LINE_HEIGHT) {
    for (int x = 8; x < s->width; x += 420) {
      snprintf(line, sizeof line, "%06d 0x%08x the printer queue of desk %d is empty", y * 7 + x,
               (unsigned)(y * 2654435761u + x), (y + x) % 97);
      XDrawString(s->display, s->text, s->gc, x, y, line, (int)strlen(line));
    }
  }
}

static void scroll(struct stage *s) {
  int height = s->height - s->flip_height;
  int from = (int)(s->scrolled++ * SCROLL_PIXELS % (unsigned)height);
  XCopyArea(s->display, s->text, s->window, s->gc, 0, from, s->width, height, 0, s->flip_height);
  XFlush(s->display);
}

/* Waits for an event, scrolling meanwhile. */
static void next_event(struct stage *s, XEvent *event) {
  static long long next_scroll;
  while (s->text != None && !XPending(s->display)) {
    long long now = now_us(CLOCK_MONOTONIC);
    if (now >= next_scroll) {
      scroll(s);
      next_scroll = now + 1000000 / SCROLLS_A_SECOND;
    }
    struct pollfd events = {.fd = ConnectionNumber(s->display), .events = POLLIN};
    poll(&events, 1, (int)((next_scroll - now + 999) / 1000));
  }
  XNextEvent(s->display, event);
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  int scrolls = argc > 1 && strcmp(argv[1], "scrolling") == 0;
  struct stage s = {.display = XOpenDisplay(NULL)};
  if (!s.display) {
    fprintf(stderr, "key-flip: cannot open the display\n");
    return 1;
  }
  int screen = DefaultScreen(s.display);
  s.width = DisplayWidth(s.display, screen);
  s.height = DisplayHeight(s.display, screen);
  s.flip_height = scrolls ? s.height / 2 : s.height;
  XSetWindowAttributes attributes = {.override_redirect = True, .background_pixel = BlackPixel(s.display, screen)};
  s.window = XCreateWindow(s.display, RootWindow(s.display, screen), 0, 0, s.width, s.height, 0, CopyFromParent,
                           InputOutput, CopyFromParent, CWOverrideRedirect | CWBackPixel, &attributes);
  XGCValues values = {.graphics_exposures = False};
  s.gc = XCreateGC(s.display, s.window, GCGraphicsExposures, &values);
  if (scrolls) make_text(&s);
  XSelectInput(s.display, s.window, KeyPressMask | StructureNotifyMask | FocusChangeMask);
  XMapRaised(s.display, s.window);
  int white = 0, count = 0, ready = 0;
  for (;;) {
    XEvent event;
    next_event(&s, &event);
    if (event.type == MapNotify) {
      XSetInputFocus(s.display, s.window, RevertToParent, CurrentTime);
    } else if (event.type == FocusIn && !ready) {
      ready = 1;
      paint(&s, white);
      printf("ready\n");
    } else if (event.type == KeyPress) {
      white = !white;
      paint(&s, white);
      printf("flip %d %s %lld\n", ++count, white ? "white" : "black", now_us(CLOCK_REALTIME));
    }
  }
}
