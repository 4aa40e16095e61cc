/* Shows input the way an X application sees it: one line for each event, for the tests of injection. */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <locale.h>
#include <stdio.h>

static void print_key(XIC context, XEvent *event) {
  char text[64];
  KeySym keysym = 0;
  Status status = 0;
  int length = event->type == KeyPress
                   ? Xutf8LookupString(context, &event->xkey, text, sizeof text, &keysym, &status)
                   : XLookupString(&event->xkey, text, sizeof text, &keysym, NULL);
  printf("%s %u %lx %x ", event->type == KeyPress ? "press" : "release", event->xkey.keycode, keysym,
         event->xkey.state);
  for (int i = 0; event->type == KeyPress && i < length; i++) printf("%02x", (unsigned char)text[i]);
  printf("\n");
}

int main(void) {
  setlocale(LC_ALL, "C.UTF-8");
  XSetLocaleModifiers("@im=none");
  Display *display = XOpenDisplay(NULL);
  if (display == NULL) return 1;
  XSetWindowAttributes attributes = {.override_redirect = True};
  int screen = DefaultScreen(display);
  Window window = XCreateWindow(display, RootWindow(display, screen), 0, 0, DisplayWidth(display, screen),
                                DisplayHeight(display, screen), 0, CopyFromParent, InputOutput, CopyFromParent,
                                CWOverrideRedirect, &attributes);
  XIM method = XOpenIM(display, NULL, NULL, NULL);
  XIC context = XCreateIC(method, XNInputStyle, XIMPreeditNothing | XIMStatusNothing, XNClientWindow, window,
                          XNFocusWindow, window, NULL);
  XSelectInput(display, window, KeyPressMask | KeyReleaseMask | ButtonPressMask | ButtonReleaseMask |
                                    PointerMotionMask | ExposureMask | FocusChangeMask);
  XMapRaised(display, window);
  XSetICFocus(context);
  for (;;) {
    XEvent event;
    XNextEvent(display, &event);
    if (event.type == MappingNotify) XRefreshKeyboardMapping(&event.xmapping);
    if (XFilterEvent(&event, None)) continue;
    if (event.type == Expose) XSetInputFocus(display, window, RevertToParent, CurrentTime);
    if (event.type == FocusIn) printf("focus\n");
    if (event.type == KeyPress || event.type == KeyRelease) print_key(context, &event);
    if (event.type == ButtonPress) printf("button-press %u %x\n", event.xbutton.button, event.xbutton.state);
    if (event.type == ButtonRelease) printf("button-release %u %x\n", event.xbutton.button, event.xbutton.state);
    if (event.type == MotionNotify) printf("motion %d %d\n", event.xmotion.x_root, event.xmotion.y_root);
    fflush(stdout);
  }
}
