/*
 * The demo desktop's scenery: a background, an ordinary pointer, and a window in which a few balls bounce about.
 * Prints `ready` once it is there.
 */
#include <X11/Xlib.h>
#include <X11/cursorfont.h>
#include <X11/Xutil.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BALLS = 5, WIDTH = 420, HEIGHT = 300, FRAME_NS = 1000000000 / 30 };

struct ball {
  double x, y, dx, dy, radius;
  unsigned long colour;
};

static void move_ball(struct ball *ball, int width, int height) {
  ball->x += ball->dx;
  ball->y += ball->dy;
  if (ball->x < ball->radius || ball->x > width - ball->radius) {
    ball->dx = -ball->dx;
    ball->x = fmin(fmax(ball->x, ball->radius), width - ball->radius);
  }
  if (ball->y < ball->radius || ball->y > height - ball->radius) {
    ball->dy = -ball->dy;
    ball->y = fmin(fmax(ball->y, ball->radius), height - ball->radius);
  }
}

static void draw(Display *display, Drawable target, GC gc, struct ball *balls, int width, int height) {
  XSetForeground(display, gc, 0x0f172a);
  XFillRectangle(display, target, gc, 0, 0, width, height);
  for (int i = 0; i < BALLS; i++) {
    struct ball *ball = &balls[i];
    int size = (int)(2 * ball->radius);
    XSetForeground(display, gc, ball->colour);
    XFillArc(display, target, gc, (int)(ball->x - ball->radius), (int)(ball->y - ball->radius), size, size, 0,
             360 * 64);
  }
}

static void dress_root(Display *display) {
  Window root = DefaultRootWindow(display);
  XDefineCursor(display, root, XCreateFontCursor(display, XC_left_ptr));
  XSetWindowBackground(display, root, 0x1e3a5f);
  XClearWindow(display, root);
}

int main(void) {
  static const unsigned long colours[BALLS] = {0x38bdf8, 0xf472b6, 0xfacc15, 0x4ade80, 0xa78bfa};
  struct ball balls[BALLS];
  for (int i = 0; i < BALLS; i++) {
    balls[i] = (struct ball){60 + 60 * i, 60 + 35 * i, 2.0 + 0.7 * i, 3.1 - 0.5 * i, 18 + 5 * i, colours[i]};
  }
  Display *display = XOpenDisplay(NULL);
  if (!display) {
    fprintf(stderr, "scenery: cannot open the display\n");
    return 1;
  }
  dress_root(display);
  int screen = DefaultScreen(display);
  Window window = XCreateSimpleWindow(display, RootWindow(display, screen), DisplayWidth(display, screen) - WIDTH - 40,
                                      DisplayHeight(display, screen) - HEIGHT - 60, WIDTH, HEIGHT, 0, 0, 0);
  XSizeHints hints = {.flags = USPosition | USSize};
  XSetWMNormalHints(display, window, &hints);
  XStoreName(display, window, "Something that moves");
  XSelectInput(display, window, StructureNotifyMask);
  Atom closing = XInternAtom(display, "WM_DELETE_WINDOW", False);
  XSetWMProtocols(display, window, &closing, 1);
  XMapWindow(display, window);
  XSync(display, False);
  printf("ready\n");
  fflush(stdout);
  GC gc = XCreateGC(display, window, 0, NULL);
  int width = WIDTH, height = HEIGHT;
  Pixmap canvas = XCreatePixmap(display, window, width, height, DefaultDepth(display, screen));
  for (;;) {
    while (XPending(display)) {
      XEvent event;
      XNextEvent(display, &event);
      if (event.type == ClientMessage) return 0;
      if (event.type != ConfigureNotify) continue;
      if (event.xconfigure.width == width && event.xconfigure.height == height) continue;
      width = event.xconfigure.width;
      height = event.xconfigure.height;
      XFreePixmap(display, canvas);
      canvas = XCreatePixmap(display, window, width, height, DefaultDepth(display, screen));
    }
    for (int i = 0; i < BALLS; i++) move_ball(&balls[i], width, height);
    draw(display, canvas, gc, balls, width, height);
    XCopyArea(display, canvas, window, gc, 0, 0, width, height, 0, 0);
    XFlush(display);
    nanosleep(&(struct timespec){0, FRAME_NS}, NULL);
  }
}
