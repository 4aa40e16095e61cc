/*
 * A full-screen application that tells which keys reach it: `ready` once it has the keyboard, then for each press
 * `press <keysym's name> <state in hex> <UTF-8 text in hex, may be empty>`.
 */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <locale.h>
#include <stdio.h>

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  setlocale(LC_ALL, "C.UTF-8");
  XSetLocaleModifiers("@im=none");
  Display *display = XOpenDisplay(NULL);
  if (!display) {
    fprintf(stderr, "key-text: cannot open the display\n");
    return 1;
  }
  int screen = DefaultScreen(display);
  XSetWindowAttributes attributes = {.override_redirect = True, .background_pixel = 0xe2e8f0};
  Window window = XCreateWindow(display, RootWindow(display, screen), 0, 0, DisplayWidth(display, screen),
                                DisplayHeight(display, screen), 0, CopyFromParent, InputOutput, CopyFromParent,
                                CWOverrideRedirect | CWBackPixel, &attributes);
  XIM method = XOpenIM(display, NULL, NULL, NULL);
  XIC context = method ? XCreateIC(method, XNInputStyle, XIMPreeditNothing | XIMStatusNothing, XNClientWindow,
                                   window, XNFocusWindow, window, NULL)
                       : NULL;
  if (!context) {
    fprintf(stderr, "key-text: no input context\n");
    return 1;
  }
  XSelectInput(display, window, KeyPressMask | StructureNotifyMask | FocusChangeMask);
  XMapRaised(display, window);
  XSetICFocus(context);
  int ready = 0;
  for (;;) {
    XEvent event;
    XNextEvent(display, &event);
    if (event.type == MapNotify) XSetInputFocus(display, window, RevertToParent, CurrentTime);
    if (event.type == FocusIn && !ready) {
      ready = 1;
      printf("ready\n");
    }
    if (event.type == MappingNotify) XRefreshKeyboardMapping(&event.xmapping);
    if (event.type != KeyPress) continue;
    char text[64];
    KeySym keysym = 0;
    Status status = 0;
    unsigned state = event.xkey.state;
    int length = Xutf8LookupString(context, &event.xkey, text, sizeof text, &keysym, &status);
    const char *name = XKeysymToString(keysym);
    printf("press %s %x ", name ? name : "?", state);
    for (int i = 0; i < length; i++) printf("%02x", (unsigned char)text[i]);
    printf("\n");
  }
}
