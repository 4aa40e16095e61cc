/* Stands for the service in tests of the installer: notes where it lies and what it was told. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

int wmain(int argc, wchar_t **argv) {
  wchar_t self[MAX_PATH], beside[MAX_PATH];
  FILE *file = _wfopen(L"C:\\setup.log", L"wb");
  if (!file || argc < 1) return 9;
  GetModuleFileNameW(NULL, self, MAX_PATH);
  wcscpy(beside, self);
  wcscpy(wcsrchr(beside, L'\\') + 1, L"GuruConnect.exe");
  fprintf(file, "%ls\n", self);
  for (int i = 1; i < argc; i++) fprintf(file, "%ls\n", argv[i]);
  fprintf(file, "%s\n", GetFileAttributesW(beside) == INVALID_FILE_ATTRIBUTES ? "alone" : "with the other program");
  fclose(file);
  return 0;
}
