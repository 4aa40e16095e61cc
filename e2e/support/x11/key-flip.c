/*
 * Covers the screen and turns it from black to white and back on each key press. Prints one line a press:
 * `flip <count> <black|white> <microseconds of CLOCK_REALTIME when the new picture was on the screen>`, after
 * `ready` once it has the keyboard.
 */
#include <X11/Xlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long long now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static void paint(Display *display, Window window, int white) {
  int screen = DefaultScreen(display);
  XSetWindowBackground(display, window, white ? WhitePixel(display, screen) : BlackPixel(display, screen));
  XClearWindow(display, window);
  XSync(display, False);
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  Display *display = XOpenDisplay(NULL);
  if (!display) {
    fprintf(stderr, "key-flip: cannot open the display\n");
    return 1;
  }
  int screen = DefaultScreen(display);
  XSetWindowAttributes attributes = {.override_redirect = True, .background_pixel = BlackPixel(display, screen)};
  Window window = XCreateWindow(display, RootWindow(display, screen), 0, 0, DisplayWidth(display, screen),
                                DisplayHeight(display, screen), 0, CopyFromParent, InputOutput, CopyFromParent,
                                CWOverrideRedirect | CWBackPixel, &attributes);
  XSelectInput(display, window, KeyPressMask | StructureNotifyMask | FocusChangeMask);
  XMapRaised(display, window);
  int white = 0, count = 0;
  for (;;) {
    XEvent event;
    XNextEvent(display, &event);
    if (event.type == MapNotify) {
      XSetInputFocus(display, window, RevertToParent, CurrentTime);
    } else if (event.type == FocusIn && count == 0) {
      paint(display, window, white);
      printf("ready\n");
    } else if (event.type == KeyPress) {
      white = !white;
      paint(display, window, white);
      printf("flip %d %s %lld\n", ++count, white ? "white" : "black", now_us());
    }
  }
}
