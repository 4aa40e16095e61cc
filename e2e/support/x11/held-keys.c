/* Prints `keys <how many keys are down> buttons <how many pointer buttons are down>` as the X server has it. */
#include <X11/Xlib.h>
#include <stdio.h>

int main(void) {
  Display *display = XOpenDisplay(NULL);
  if (!display) {
    fprintf(stderr, "held-keys: cannot open the display\n");
    return 1;
  }
  char down[32];
  XQueryKeymap(display, down);
  int keys = 0;
  for (int i = 0; i < 32; i++) keys += __builtin_popcount((unsigned char)down[i]);
  Window root, child;
  int x, y;
  unsigned mask;
  XQueryPointer(display, DefaultRootWindow(display), &root, &child, &x, &y, &x, &y, &mask);
  printf("keys %d buttons %d\n", keys, __builtin_popcount(mask & (Button1Mask | Button2Mask | Button3Mask)));
  XCloseDisplay(display);
  return 0;
}
