/*
 * Paints a moving, photo-like picture, each frame in one XShmPutImage, and tells on stdout how many frames it showed.
 * Usage: flip-window WIDTH HEIGHT FPS [SECONDS]; ends at end of file on stdin as well, so that it dies with its parent.
 */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <math.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A picture twice the window's size, scrolled by a moving offset: motion an encoder can and must follow. */
static uint32_t *make_scene(int width, int height) {
  uint32_t *scene = malloc((size_t)width * height * 4);
  uint32_t seed = 1;
  if (scene == NULL) exit(1);
  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++) {
      seed = seed * 1664525u + 1013904223u;
      const int grain = (int)(seed >> 28);
      const int red = (int)(120 + 90 * sin(x * 0.011) * cos(y * 0.017)) + grain;
      const int green = (int)(110 + 80 * sin(x * 0.007 + y * 0.013)) + grain;
      const int blue = (int)(130 + 80 * cos(y * 0.009 - x * 0.005)) + grain;
      scene[(size_t)y * width + x] = (uint32_t)(red << 16 | green << 8 | blue);
    }
  }
  return scene;
}

static int stdin_closed(double seconds) {
  struct pollfd fd = {STDIN_FILENO, POLLIN, 0};
  char byte;
  if (poll(&fd, 1, seconds > 0 ? (int)(seconds * 1000) : 0) <= 0) return 0;
  return read(STDIN_FILENO, &byte, 1) <= 0;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  const int width = atoi(argv[1]), height = atoi(argv[2]);
  const double fps = atof(argv[3]), seconds = argc > 4 ? atof(argv[4]) : 1e9;
  Display *display = XOpenDisplay(NULL);
  if (display == NULL) return 1;
  const int screen = DefaultScreen(display);
  XSetWindowAttributes attributes = {.override_redirect = True};
  Window window = XCreateWindow(display, RootWindow(display, screen), 0, 0, (unsigned)width, (unsigned)height, 0,
                                CopyFromParent, InputOutput, CopyFromParent, CWOverrideRedirect, &attributes);
  XMapRaised(display, window);
  XShmSegmentInfo segment = {.shmid = -1};
  XImage *image = XShmCreateImage(display, DefaultVisual(display, screen), (unsigned)DefaultDepth(display, screen),
                                  ZPixmap, NULL, &segment, (unsigned)width, (unsigned)height);
  segment.shmid = shmget(IPC_PRIVATE, (size_t)image->bytes_per_line * height, IPC_CREAT | 0600);
  segment.shmaddr = image->data = shmat(segment.shmid, NULL, 0);
  XShmAttach(display, &segment);
  XSync(display, False);
  shmctl(segment.shmid, IPC_RMID, NULL);

  const int scene_width = width * 2, scene_height = height * 2;
  uint32_t *scene = make_scene(scene_width, scene_height);
  GC context = XCreateGC(display, window, 0, NULL);
  const double started = now();
  long frame = 0;
  for (; now() - started < seconds; frame++) {
    const int left = (int)(width / 2.0 * (1 + sin(frame * 0.02)));
    const int top = (int)(height / 2.0 * (1 + cos(frame * 0.027)));
    for (int y = 0; y < height; y++) {
      const uint32_t *from = scene + (size_t)(top + y < scene_height ? top + y : scene_height - 1) * scene_width + left;
      uint32_t *to = (uint32_t *)(void *)(image->data + (size_t)y * image->bytes_per_line);
      for (int x = 0; x < width; x++) to[x] = from[x];
    }
    XShmPutImage(display, window, context, image, 0, 0, 0, 0, (unsigned)width, (unsigned)height, False);
    XSync(display, False);
    if (stdin_closed(started + (frame + 1) / fps - now())) break;
  }
  printf("%ld frames in %.2f s\n", frame, now() - started);
  return 0;
}
