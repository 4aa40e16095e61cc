/*
 * Presses keys as the person at the machine would, by XTEST: each argument is a keysym's name, for example
 * `press-keys Tab Return`, or `@X,Y` for a click of the left button there. Waits until the server has taken them.
 */
#include <X11/Xlib.h>
#include <X11/extensions/XTest.h>
#include <X11/keysym.h>
#include <stdio.h>

int main(int argc, char **argv) {
  Display *display = XOpenDisplay(NULL);
  if (!display) {
    fprintf(stderr, "press-keys: cannot open the display\n");
    return 1;
  }
  for (int at = 1; at < argc; at++) {
    int x, y;
    if (sscanf(argv[at], "@%d,%d", &x, &y) == 2) {
      XTestFakeMotionEvent(display, -1, x, y, CurrentTime);
      XTestFakeButtonEvent(display, 1, True, CurrentTime);
      XTestFakeButtonEvent(display, 1, False, CurrentTime);
      continue;
    }
    KeySym keysym = XStringToKeysym(argv[at]);
    KeyCode keycode = keysym == NoSymbol ? 0 : XKeysymToKeycode(display, keysym);
    if (keycode == 0) {
      fprintf(stderr, "press-keys: there is no key %s\n", argv[at]);
      return 1;
    }
    XTestFakeKeyEvent(display, keycode, True, CurrentTime);
    XTestFakeKeyEvent(display, keycode, False, CurrentTime);
  }
  XSync(display, False);
  XCloseDisplay(display);
  return 0;
}
