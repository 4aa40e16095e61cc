/*
 * An X client that tests drive by lines on stdin. Each command is carried out by the server before "ok" is printed:
 *   fill X Y W H RRGGBB | text LINES | scroll PIXELS | move X Y | cursor SHAPE |
 *   monitor NAME X Y W H | sync
 */
#include <X11/Xlib.h>
#include <X11/cursorfont.h>
#include <X11/extensions/XTest.h>
#include <X11/extensions/Xrandr.h>
#include <stdio.h>
#include <string.h>

static Display *display;
static Window window;
static GC context;

static void draw_text(int lines) {
  const int screen = DefaultScreen(display);
  const int width = DisplayWidth(display, screen), height = DisplayHeight(display, screen);
  XSetForeground(display, context, WhitePixel(display, screen));
  XFillRectangle(display, window, context, 0, 0, (unsigned)width, (unsigned)height);
  XSetForeground(display, context, BlackPixel(display, screen));
  for (int line = 0; line < lines; line++) {
    char text[160];
    int length = 0;
    while (length < 140) {
      length += snprintf(text + length, sizeof(text) - (size_t)length, "word%d ", (line * 7919 + length * 31) % 9973);
    }
    XDrawString(display, window, context, 8, 16 + line * 14, text, length);
  }
}

static void scroll(int pixels) {
  const int screen = DefaultScreen(display);
  const int width = DisplayWidth(display, screen), height = DisplayHeight(display, screen);
  XCopyArea(display, window, window, context, 0, pixels, (unsigned)width, (unsigned)(height - pixels), 0, 0);
}

/* Puts a monitor of that name anywhere; under a grab, so that nobody sees the moment without it. */
static void set_monitor(const char *name, int x, int y, int width, int height) {
  XRRMonitorInfo *monitor = XRRAllocateMonitor(display, 0);
  monitor->name = XInternAtom(display, name, False);
  monitor->x = x;
  monitor->y = y;
  monitor->width = width;
  monitor->height = height;
  monitor->mwidth = monitor->mheight = 100;
  XGrabServer(display);
  int count = 0;
  XRRMonitorInfo *present = XRRGetMonitors(display, DefaultRootWindow(display), True, &count);
  for (int i = 0; i < count; i++) {
    if (present[i].name == monitor->name) XRRDeleteMonitor(display, DefaultRootWindow(display), monitor->name);
  }
  XRRSetMonitor(display, DefaultRootWindow(display), monitor);
  XUngrabServer(display);
  XRRFreeMonitors(present);
  XRRFreeMonitors(monitor);
}

int main(void) {
  char line[256], name[64];
  display = XOpenDisplay(NULL);
  if (display == NULL) return 1;
  const int screen = DefaultScreen(display);
  XSetWindowAttributes attributes = {.override_redirect = True};
  attributes.background_pixel = BlackPixel(display, screen);
  window = XCreateWindow(display, RootWindow(display, screen), 0, 0, (unsigned)DisplayWidth(display, screen),
                         (unsigned)DisplayHeight(display, screen), 0, CopyFromParent, InputOutput, CopyFromParent,
                         CWOverrideRedirect | CWBackPixel, &attributes);
  XMapRaised(display, window);
  context = XCreateGC(display, window, 0, NULL);
  XSetGraphicsExposures(display, context, False);
  XSync(display, False);
  puts("ready");
  fflush(stdout);
  while (fgets(line, sizeof(line), stdin) != NULL) {
    int x, y, width, height, number;
    unsigned long colour;
    if (sscanf(line, "fill %d %d %d %d %lx", &x, &y, &width, &height, &colour) == 5) {
      XSetForeground(display, context, colour);
      XFillRectangle(display, window, context, x, y, (unsigned)width, (unsigned)height);
    } else if (sscanf(line, "text %d", &number) == 1) {
      draw_text(number);
    } else if (sscanf(line, "scroll %d", &number) == 1) {
      scroll(number);
    } else if (sscanf(line, "move %d %d", &x, &y) == 2) {
      XTestFakeMotionEvent(display, -1, x, y, CurrentTime);
    } else if (sscanf(line, "cursor %d", &number) == 1) {
      XDefineCursor(display, window, XCreateFontCursor(display, (unsigned)number));
    } else if (sscanf(line, "monitor %63s %d %d %d %d", name, &x, &y, &width, &height) == 5) {
      set_monitor(name, x, y, width, height);
    } else if (strncmp(line, "sync", 4) != 0) {
      return 2;
    }
    XSync(display, False);
    puts("ok");
    fflush(stdout);
  }
  return 0;
}
