#include <windows.h>

int WINAPI wWinMain(HINSTANCE instance, HINSTANCE previous, LPWSTR text, int show) {
  (void)instance;
  (void)previous;
  (void)text;
  (void)show;
  return 0;
}
