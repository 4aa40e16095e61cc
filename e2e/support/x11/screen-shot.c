/*
 * Writes what the X server truly shows, without the pointer: width and height as two 32-bit numbers (little
 * endian), then RGBA row by row.
 */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  Display *display = XOpenDisplay(NULL);
  if (!display) {
    fprintf(stderr, "screen-shot: cannot open the display\n");
    return 1;
  }
  XWindowAttributes root;
  XGetWindowAttributes(display, DefaultRootWindow(display), &root);
  XImage *image = XGetImage(display, DefaultRootWindow(display), 0, 0, root.width, root.height, AllPlanes, ZPixmap);
  if (!image || image->bits_per_pixel != 32) {
    fprintf(stderr, "screen-shot: the screen has no 32 bits a pixel\n");
    return 1;
  }
  uint32_t size[2] = {(uint32_t)root.width, (uint32_t)root.height};
  fwrite(size, sizeof size, 1, stdout);
  uint8_t *row = malloc((size_t)root.width * 4);
  if (!row) return 1;
  for (int y = 0; y < root.height; y++) {
    const uint8_t *bgrx = (const uint8_t *)image->data + (size_t)y * image->bytes_per_line;
    for (int x = 0; x < root.width; x++) {
      row[4 * x] = bgrx[4 * x + 2];
      row[4 * x + 1] = bgrx[4 * x + 1];
      row[4 * x + 2] = bgrx[4 * x];
      row[4 * x + 3] = 255;
    }
    fwrite(row, 4, (size_t)root.width, stdout);
  }
  free(row);
  XDestroyImage(image);
  XCloseDisplay(display);
  return ferror(stdout) ? 1 : 0;
}
