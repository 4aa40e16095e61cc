/*
 * Covers the screen in grey with a 16-pixel target in each corner. Prints `ready`, then for each button press
 * `hit <top-left|top-right|bottom-left|bottom-right> <button> <x> <y>` or `miss <button> <x> <y>`, and for each
 * release `up <button> <x> <y>`.
 */
#include <X11/Xlib.h>
#include <stdio.h>

enum { TARGET = 16 };

static const char *const names[4] = {"top-left", "top-right", "bottom-left", "bottom-right"};
static const unsigned long colours[4] = {0xdc2626, 0x16a34a, 0x2563eb, 0xd97706};

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  Display *display = XOpenDisplay(NULL);
  if (!display) {
    fprintf(stderr, "click-targets: cannot open the display\n");
    return 1;
  }
  int screen = DefaultScreen(display);
  int width = DisplayWidth(display, screen), height = DisplayHeight(display, screen);
  const int left[4] = {0, width - TARGET, 0, width - TARGET};
  const int top[4] = {0, 0, height - TARGET, height - TARGET};
  XSetWindowAttributes attributes = {.override_redirect = True, .background_pixel = 0x808080};
  Window window = XCreateWindow(display, RootWindow(display, screen), 0, 0, width, height, 0, CopyFromParent,
                                InputOutput, CopyFromParent, CWOverrideRedirect | CWBackPixel, &attributes);
  XSelectInput(display, window, ButtonPressMask | ButtonReleaseMask | ExposureMask);
  XMapRaised(display, window);
  GC gc = XCreateGC(display, window, 0, NULL);
  int ready = 0;
  for (;;) {
    XEvent event;
    XNextEvent(display, &event);
    if (event.type == Expose && event.xexpose.count == 0) {
      for (int i = 0; i < 4; i++) {
        XSetForeground(display, gc, colours[i]);
        XFillRectangle(display, window, gc, left[i], top[i], TARGET, TARGET);
      }
      XSync(display, False);
      if (!ready) printf("ready\n");
      ready = 1;
    } else if (event.type == ButtonPress) {
      int x = event.xbutton.x, y = event.xbutton.y, hit = -1;
      for (int i = 0; i < 4; i++) {
        if (x >= left[i] && x < left[i] + TARGET && y >= top[i] && y < top[i] + TARGET) hit = i;
      }
      if (hit >= 0) printf("hit %s %u %d %d\n", names[hit], event.xbutton.button, x, y);
      else printf("miss %u %d %d\n", event.xbutton.button, x, y);
    } else if (event.type == ButtonRelease) {
      printf("up %u %d %d\n", event.xbutton.button, event.xbutton.x, event.xbutton.y);
    }
  }
}
