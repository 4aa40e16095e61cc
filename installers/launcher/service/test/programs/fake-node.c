/*
 * Stands for the pack's node.exe in tests of the service: keeps to the service's side of the contract and writes what
 * it was told into files of the state folder. `fake-node.txt` beside it says how it behaves.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

static wchar_t state[MAX_PATH];

static void note(const char *name, const char *text) {
  wchar_t path[MAX_PATH];
  _snwprintf(path, MAX_PATH, L"%ls\\%hs", state, name);
  HANDLE file = CreateFileW(path, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_ALWAYS, 0, NULL);
  DWORD count;
  WriteFile(file, text, (DWORD)strlen(text), &count, NULL);
  WriteFile(file, "\n", 1, &count, NULL);
  CloseHandle(file);
}

/** Whether the pack that it came from says so. */
static int behaves(const char *how) {
  wchar_t path[MAX_PATH];
  char text[256] = "";
  GetModuleFileNameW(NULL, path, MAX_PATH);
  wcscpy(wcsrchr(path, L'\\') + 1, L"fake-node.txt");
  FILE *file = _wfopen(path, L"rb");
  if (!file) return 0;
  fread(text, 1, sizeof text - 1, file);
  fclose(file);
  return strstr(text, how) != NULL;
}

static HANDLE connect_pipe(void) {
  wchar_t name[128];
  if (!GetEnvironmentVariableW(L"GURUCONNECT_PIPE", name, 128)) exit(41);
  for (int tries = 0; tries < 50; tries++) {
    HANDLE pipe = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (pipe != INVALID_HANDLE_VALUE) return pipe;
    WaitNamedPipeW(name, 200);
  }
  exit(42);
}

static void say(HANDLE pipe, const char *line) {
  DWORD count;
  WriteFile(pipe, line, (DWORD)strlen(line), &count, NULL);
  WriteFile(pipe, "\n", 1, &count, NULL);
  FlushFileBuffers(pipe);
}

static int check_in(void) {
  note("check-ins.log", "check-in");
  if (behaves("mute")) return 3;
  HANDLE pipe = connect_pipe();
  if (behaves("refused")) say(pipe, "{\"type\":\"check-in-done\",\"checkInSeconds\":null,\"problem\":\"No.\"}");
  else say(pipe, "{\"type\":\"check-in-done\",\"checkInSeconds\":900,\"problem\":null}");
  return 0;
}

static int session(void) {
  HANDLE pipe = connect_pipe();
  char line[4096];
  DWORD count, used = 0;
  note("session.log", "started");
  say(pipe, "{\"type\":\"ready\"}");
  while (ReadFile(pipe, line + used, 1, &count, NULL) && count == 1) {
    if (line[used] != '\n') {
      if (used + 1 < sizeof line) used++;
      continue;
    }
    line[used] = '\0';
    used = 0;
    note("session.log", line);
    if (behaves("crash")) ExitProcess(7);
    if (strstr(line, "stop-session") || strstr(line, "\"quit\"")) return 0;
  }
  note("session.log", "the pipe broke");
  return 9;
}

/** Takes the identity that the test has put there, as the server's answer would make it. */
static int enrol(void) {
  wchar_t from[MAX_PATH], to[MAX_PATH], token[MAX_PATH] = L"";
  char text[64] = "";
  GetEnvironmentVariableW(L"GURUCONNECT_TOKEN_FILE", token, MAX_PATH);
  FILE *file = _wfopen(token, L"rb");
  if (!file) return 4;
  fread(text, 1, 43, file);
  fclose(file);
  note("enrolled-with.log", text);
  _snwprintf(from, MAX_PATH, L"%ls\\prepared-identity.json", state);
  _snwprintf(to, MAX_PATH, L"%ls\\identity.json", state);
  return CopyFileW(from, to, FALSE) ? 0 : 5;
}

static int reconfigure(int argc, wchar_t **argv) {
  char text[1024];
  for (int i = 3; i < argc; i++) {
    WideCharToMultiByte(CP_UTF8, 0, argv[i], -1, text, sizeof text, NULL, NULL);
    note("reconfigured.log", text);
  }
  return 0;
}

int wmain(int argc, wchar_t **argv) {
  const wchar_t *mode = argc > 2 ? argv[2] : L"";
  GetEnvironmentVariableW(L"GURUCONNECT_STATE_DIR", state, MAX_PATH);
  if (wcscmp(mode, L"--check-in") == 0) return check_in();
  if (wcscmp(mode, L"--windows-session") == 0) return session();
  if (wcscmp(mode, L"--enrol") == 0) return enrol();
  if (wcscmp(mode, L"--reconfigure") == 0) return reconfigure(argc, argv);
  if (wcscmp(mode, L"--diagnose") == 0) return puts("All is well."), 0;
  return 2;
}
