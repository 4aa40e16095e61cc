// Stands in for the programs of the product in tests of what the server makes of them.
//   program --dump FILE   writes its resources GCCONFIG, GCMANIFEST, GCSIGNATURE, GCPACK, GCSERVICE, one a line: name, size
//   program --service     is a service that does nothing until it is stopped
//   program --uninstall   as the real one does, takes its state away
#include <windows.h>
#include <stdio.h>

static const wchar_t *const NAMES[] = {L"GCCONFIG", L"GCMANIFEST", L"GCSIGNATURE", L"GCPACK", L"GCSERVICE"};

static int dump(const wchar_t *path) {
  FILE *file = _wfopen(path, L"wb");
  if (!file) return 3;
  for (int i = 0; i < 5; i++) {
    HRSRC found = FindResourceExW(NULL, (LPCWSTR)RT_RCDATA, NAMES[i], 1033);
    if (!found) continue;
    DWORD size = SizeofResource(NULL, found);
    const unsigned char *bytes = LockResource(LoadResource(NULL, found));
    unsigned long sum = 0;
    for (DWORD at = 0; at < size; at++) sum = sum * 31 + bytes[at];
    fprintf(file, "%ls %lu %lu\n", NAMES[i], size, sum & 0xffffffffUL);
  }
  fclose(file);
  return 0;
}

static SERVICE_STATUS_HANDLE handle;
static HANDLE stopped;

static void tell(DWORD state) {
  SERVICE_STATUS status = {SERVICE_WIN32_OWN_PROCESS, state,
                           state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0, 0, 0, 0, 0};
  SetServiceStatus(handle, &status);
}

static void WINAPI control(DWORD code) {
  if (code == SERVICE_CONTROL_STOP || code == SERVICE_CONTROL_SHUTDOWN) SetEvent(stopped);
}

static void WINAPI serve(DWORD argc, LPWSTR *argv) {
  (void)argc;
  (void)argv;
  stopped = CreateEventW(NULL, TRUE, FALSE, NULL);
  handle = RegisterServiceCtrlHandlerW(L"GuruConnect", control);
  tell(SERVICE_RUNNING);
  CreateDirectoryW(L"C:\\ProgramData\\GuruConnect", NULL);
  HANDLE mark = CreateFileW(L"C:\\ProgramData\\GuruConnect\\identity.json", GENERIC_WRITE, 0, NULL, OPEN_ALWAYS, 0, NULL);
  CloseHandle(mark);
  WaitForSingleObject(stopped, INFINITE);
  tell(SERVICE_STOPPED);
}

int wmain(int argc, wchar_t **argv) {
  const wchar_t *mode = argc > 1 ? argv[1] : L"";
  if (!wcscmp(mode, L"--dump") && argc > 2) return dump(argv[2]);
  if (!wcscmp(mode, L"--service")) {
    SERVICE_TABLE_ENTRYW table[] = {{L"GuruConnect", serve}, {NULL, NULL}};
    return StartServiceCtrlDispatcherW(table) ? 0 : 4;
  }
  if (!wcscmp(mode, L"--uninstall")) {
    DeleteFileW(L"C:\\ProgramData\\GuruConnect\\identity.json");
    return RemoveDirectoryW(L"C:\\ProgramData\\GuruConnect") ? 0 : 5;
  }
  return 0;
}
