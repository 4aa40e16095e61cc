/*
 * Stands for the pack's node.exe in tests of the one-time program: keeps to the agent's side of the pipe, and notes
 * in C:\evidence what it was given. `main.mjs` beside it holds no script but how it behaves:
 * `end` says goodbye at once; `refuse` does not take the first code; `fail` fails; `crash` crashes; `wait` stays.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

static HANDLE evidence;

static void note(const char *text) {
  DWORD written;
  WriteFile(evidence, text, (DWORD)strlen(text), &written, NULL);
  WriteFile(evidence, "\n", 1, &written, NULL);
}

static void note_variable(const wchar_t *name) {
  wchar_t value[1024] = L"(none)";
  char line[4096], narrow[3072];
  GetEnvironmentVariableW(name, value, 1024);
  WideCharToMultiByte(CP_UTF8, 0, value, -1, narrow, sizeof narrow, NULL, NULL);
  snprintf(line, sizeof line, "%ls=%s", name, narrow);
  note(line);
}

static void read_behaviour(char *text, size_t capacity) {
  FILE *file = _wfopen(L"main.mjs", L"rb");
  size_t size = file ? fread(text, 1, capacity - 1, file) : 0;
  text[size] = '\0';
  if (file) fclose(file);
}

static HANDLE connect_pipe(void) {
  wchar_t name[128] = L"";
  GetEnvironmentVariableW(L"GURUCONNECT_PIPE", name, 128);
  for (int i = 0; i < 50; i++) {
    HANDLE pipe = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (pipe != INVALID_HANDLE_VALUE) return pipe;
    Sleep(100);
  }
  note("no pipe");
  exit(42);
}

static void say(HANDLE pipe, const char *line) {
  DWORD written;
  WriteFile(pipe, line, (DWORD)strlen(line), &written, NULL);
  WriteFile(pipe, "\n", 1, &written, NULL);
}

/** One line, without its end; 0 when the pipe broke. */
static int hear(HANDLE pipe, char *line, DWORD capacity) {
  DWORD count, size = 0;
  while (size + 1 < capacity && ReadFile(pipe, line + size, 1, &count, NULL) && count == 1) {
    if (line[size] == '\n') {
      line[size] = '\0';
      note(line);
      return 1;
    }
    size++;
  }
  note("the pipe broke");
  return 0;
}

static int live(HANDLE pipe, const char *behaviour) {
  char line[4096];
  say(pipe, "{\"type\":\"state\",\"state\":\"waiting\",\"company\":\"Acme \\u00dc Support\",\"text\":\"Waiting for Ada.\"}");
  if (strstr(behaviour, "fail")) {
    say(pipe, "{\"type\":\"over\",\"outcome\":\"failed\",\"text\":\"The server is too old.\"}");
    return 1;
  }
  if (strstr(behaviour, "crash")) ExitProcess(9);
  if (strstr(behaviour, "rubbish")) say(pipe, "this is no JSON");
  if (strstr(behaviour, "refuse")) {
    say(pipe, "{\"type\":\"code-refused\",\"text\":\"This code has expired.\"}");
    do {
      if (!hear(pipe, line, sizeof line)) return 0;
    } while (!strstr(line, "\"code\""));
    say(pipe, "{\"type\":\"state\",\"state\":\"live\",\"text\":\"Ada sees your screen.\"}");
  }
  if (strstr(behaviour, "wait")) {
    do {
      if (!hear(pipe, line, sizeof line)) return 0;
    } while (!strstr(line, "stop"));
  }
  say(pipe, "{\"type\":\"over\",\"outcome\":\"ended\",\"text\":\"Goodbye from Ada.\"}");
  return 0;
}

int wmain(int argc, wchar_t **argv) {
  static const wchar_t *const variables[] = {
      L"GURUCONNECT_SERVER", L"GURUCONNECT_CODE", L"GURUCONNECT_CA_FILE", L"GURUCONNECT_STATE_DIR",
      L"GURUCONNECT_PIPE",   L"GURUCONNECT_UI",   L"NODE_OPTIONS",        L"USERNAME",
  };
  char behaviour[256], line[512];
  CreateDirectoryW(L"C:\\evidence", NULL);
  evidence = CreateFileW(L"C:\\evidence\\agent.log", FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                         OPEN_ALWAYS, 0, NULL);
  snprintf(line, sizeof line, "arguments: %ls %ls", argc > 1 ? argv[1] : L"", argc > 2 ? argv[2] : L"");
  note(line);
  for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) note_variable(variables[i]);
  read_behaviour(behaviour, sizeof behaviour);
  puts("printed by the agent");
  fflush(stdout);
  int code = live(connect_pipe(), behaviour);
  note("ended");
  return code;
}
