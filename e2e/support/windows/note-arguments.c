/* Stands for a program that must not really run: adds its arguments as one line to the file in NOTE_ARGUMENTS. */
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

int wmain(int count, wchar_t **arguments) {
  FILE *file = _wfopen(_wgetenv(L"NOTE_ARGUMENTS"), L"ab");
  if (!file) return 1;
  for (int i = 1; i < count; i++) fprintf(file, "%s%ls", i > 1 ? " " : "", arguments[i]);
  fprintf(file, "\n");
  fclose(file);
  return 0;
}
