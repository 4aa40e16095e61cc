/* Stands for Windows' bcdedit, which Wine has not: writes down what it was asked for. */
#include <stdio.h>
#include <wchar.h>

int wmain(int argc, wchar_t **argv) {
  FILE *file = fopen("C:\\bcdedit.log", "a");
  if (!file) return 1;
  for (int i = 1; i < argc; i++) fprintf(file, "%ls%s", argv[i], i + 1 < argc ? " " : "\n");
  fclose(file);
  return 0;
}
