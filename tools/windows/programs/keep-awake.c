/* Stays until it is ended: Wine stops its services as soon as the last ordinary program is gone. */
#include <stdio.h>
#include <windows.h>

int wmain(void) {
  puts("awake");
  fflush(stdout);
  Sleep(INFINITE);
  return 0;
}
