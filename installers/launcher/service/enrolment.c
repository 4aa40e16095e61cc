#include "enrolment.h"

#include <stdlib.h>
#include <string.h>

#include "../common/win/log.h"
#include "../common/win/text-windows.h"

enum { TOKEN_SIZE = 43, ENROL_MS = 120000, RECONFIGURE_MS = 30000, VALUE_CAPACITY = 1024, ARGUMENTS_CAPACITY = 3072 };

static const wchar_t KEY[] = L"Software\\GuruConnect";

bool identity_load(const struct config *config, const struct service_folders *folders, struct identity *identity) {
  wchar_t file[PATH_CAPACITY];
  struct failure failure;
  size_t size = 0;
  char *text = malloc(IDENTITY_MAX_SIZE);
  bool is_there = text && path_join(file, folders->data, L"identity.json") &&
                  read_file(file, text, IDENTITY_MAX_SIZE, &size, &failure);
  bool is_good = is_there && identity_parse(identity, text, size);
  if (is_there && !is_good) log_line("identity.json is damaged: enrol this computer again");
  if (is_good && strcmp(identity->origin, config->origin) != 0) {
    log_line("this computer is enrolled with another server: %s", identity->origin);
    is_good = false;
  }
  if (text) SecureZeroMemory(text, IDENTITY_MAX_SIZE);
  free(text);
  return is_good;
}

static bool is_token(const wchar_t *text) {
  if (wcslen(text) != TOKEN_SIZE) return false;
  return wcsspn(text, L"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == TOKEN_SIZE;
}

bool write_token(const struct service_folders *folders, const wchar_t *token, struct failure *failure) {
  wchar_t file[PATH_CAPACITY];
  char text[TOKEN_SIZE + 2];
  if (!is_token(token)) {
    return fail(failure, EXIT_BAD_COMMAND_LINE, "A token has %d letters, digits, - and _.", TOKEN_SIZE);
  }
  from_wide(token, text, sizeof text);
  strcat(text, "\n");
  return path_join(file, folders->data, L"enrol-token") && write_file(file, text, strlen(text), failure);
}

static bool open_key(REGSAM access, HKEY *key) {
  return RegOpenKeyExW(HKEY_LOCAL_MACHINE, KEY, 0, access | KEY_WOW64_64KEY, key) == ERROR_SUCCESS;
}

/** A text of the key; empty when it is not set. */
static void read_value(HKEY key, const wchar_t *name, wchar_t *out, DWORD capacity) {
  DWORD size = capacity * sizeof *out;
  if (RegGetValueW(key, NULL, name, RRF_RT_REG_SZ, NULL, out, &size) != ERROR_SUCCESS) out[0] = L'\0';
}

/**
 * In a signed MSI the token cannot be a property: it stands in an attribute of the signature that Windows does not
 * check, between two marks. Empty when there is none.
 */
static void token_of_package(const wchar_t *file, wchar_t *token) {
  static const char begin[] = "---BEGIN_BLOB---";
  enum { TAIL = 65536 };
  HANDLE handle = CreateFileW(file, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
  LARGE_INTEGER size;
  token[0] = L'\0';
  if (handle == INVALID_HANDLE_VALUE) return;
  char *bytes = malloc(TAIL);
  // The signature of an MSI is a stream that may lie anywhere in it: read all of it, with room for a cut mark.
  size_t kept = 0;
  DWORD count = 0;
  if (!GetFileSizeEx(handle, &size)) size.QuadPart = 0;
  while (bytes && !token[0] && ReadFile(handle, bytes + kept, (DWORD)(TAIL - kept), &count, NULL) && count > 0) {
    size_t have = kept + count, room = sizeof begin - 1 + TOKEN_SIZE;
    for (size_t i = 0; !token[0] && i + room <= have; i++) {
      if (memcmp(bytes + i, begin, sizeof begin - 1) != 0) continue;
      for (size_t j = 0; j < TOKEN_SIZE; j++) token[j] = (wchar_t)(unsigned char)bytes[i + sizeof begin - 1 + j];
      token[TOKEN_SIZE] = L'\0';
      if (!is_token(token)) token[0] = L'\0';
    }
    kept = have < room - 1 ? have : room - 1;
    memmove(bytes, bytes + have - kept, kept);
  }
  free(bytes);
  CloseHandle(handle);
}

void take_token_from_registry(const struct service_folders *folders) {
  HKEY key;
  wchar_t token[VALUE_CAPACITY], package[VALUE_CAPACITY];
  struct failure failure;
  if (!open_key(KEY_READ | KEY_WRITE, &key)) return;
  read_value(key, L"Token", token, VALUE_CAPACITY);
  read_value(key, L"Package", package, VALUE_CAPACITY);
  if (!is_token(token) && package[0]) token_of_package(package, token);
  if (is_token(token) && !write_token(folders, token, &failure)) log_line("%s", failure.text);
  RegDeleteValueW(key, L"Token");
  RegDeleteValueW(key, L"Package");
  RegCloseKey(key);
  SecureZeroMemory(token, sizeof token);
}

void forget_token(const struct service_folders *folders) {
  wchar_t file[PATH_CAPACITY];
  if (path_join(file, folders->data, L"enrol-token")) DeleteFileW(file);
}

bool enrol(const struct node_setup *setup, struct failure *failure) {
  wchar_t file[PATH_CAPACITY];
  DWORD code = 0;
  if (!path_join(file, setup->folders->data, L"enrol-token") || !path_exists(file)) {
    return fail(failure, EXIT_CANCELLED, "This computer is not enrolled, and there is no token to enrol it with.");
  }
  if (!node_run(setup, L"--enrol", file, ENROL_MS, &code, failure)) return false;
  if (code != 0) {
    return fail(failure, EXIT_SERVER_REFUSED, "The computer could not be enrolled; logs\\agent.log says why.");
  }
  return true;
}

/** Installer properties and the option of `--reconfigure` that each becomes. */
static const struct {
  const wchar_t *value, *option;
} LABELS[] = {
    {L"Site", L"--site"},           {L"Name", L"--name"}, {L"Department", L"--department"},
    {L"DeviceType", L"--type"},     {L"Tags", L"--tag"},
};
enum { LABEL_COUNT = sizeof LABELS / sizeof *LABELS };

bool has_registry_labels(void) {
  HKEY key;
  wchar_t text[VALUE_CAPACITY];
  bool is_any = false;
  if (!open_key(KEY_READ, &key)) return false;
  for (int i = 0; i < LABEL_COUNT && !is_any; i++) {
    read_value(key, LABELS[i].value, text, VALUE_CAPACITY);
    is_any = text[0] != L'\0';
  }
  RegCloseKey(key);
  return is_any;
}

/** Adds one argument in quotes, as the C runtime of programs takes them apart. */
static bool add_quoted(wchar_t *out, const wchar_t *text, size_t size) {
  size_t at = wcslen(out), backslashes = 0;
  if (at + 2 * size + 4 > ARGUMENTS_CAPACITY) return false;
  out[at++] = L'"';
  for (size_t i = 0; i < size; i++) {
    if (text[i] == L'\\') backslashes++;
    else {
      // Backslashes count only before a quote; then each is written twice.
      for (size_t n = text[i] == L'"' ? backslashes + 1 : 0; n > 0; n--) out[at++] = L'\\';
      backslashes = 0;
    }
    out[at++] = text[i];
  }
  for (; backslashes > 0; backslashes--) out[at++] = L'\\';
  out[at++] = L'"';
  out[at] = L'\0';
  return true;
}

static bool add_option(wchar_t *out, const wchar_t *option, const wchar_t *text, size_t size) {
  size_t at = wcslen(out);
  if (size == 0) return true;
  if (at + wcslen(option) + 3 > ARGUMENTS_CAPACITY) return false;
  wcscat(out, L" ");
  wcscat(out, option);
  wcscat(out, L" ");
  return add_quoted(out, text, size);
}

static bool add_label(wchar_t *out, int label, const wchar_t *text) {
  if (wcscmp(LABELS[label].value, L"Tags") != 0) return add_option(out, LABELS[label].option, text, wcslen(text));
  // Tags are one value with commas.
  for (;;) {
    text += wcsspn(text, L" ,");
    size_t size = wcscspn(text, L",");
    if (size == 0) return true;
    size_t kept = size;
    while (kept > 0 && text[kept - 1] == L' ') kept--;
    if (!add_option(out, LABELS[label].option, text, kept)) return false;
    text += size;
  }
}

static void forget_labels(void) {
  HKEY key;
  if (!open_key(KEY_WRITE, &key)) return;
  for (int i = 0; i < LABEL_COUNT; i++) RegDeleteValueW(key, LABELS[i].value);
  RegCloseKey(key);
}

bool reconfigure_from_registry(const struct node_setup *setup, struct failure *failure) {
  HKEY key;
  wchar_t text[VALUE_CAPACITY];
  DWORD code = 0;
  if (!open_key(KEY_READ, &key)) return true;
  wchar_t *arguments = calloc(ARGUMENTS_CAPACITY, sizeof *arguments);
  bool fits = arguments != NULL;
  if (fits) wcscpy(arguments, L"--reconfigure");
  for (int i = 0; fits && i < LABEL_COUNT; i++) {
    read_value(key, LABELS[i].value, text, VALUE_CAPACITY);
    fits = add_label(arguments, i, text);
  }
  RegCloseKey(key);
  if (!fits) fail(failure, EXIT_BAD_COMMAND_LINE, "The names that the installer was given are too long.");
  bool is_run = fits && node_run(setup, arguments, NULL, RECONFIGURE_MS, &code, failure);
  free(arguments);
  if (fits && !is_run) return false;
  if (!fits || code != 0) log_line("the names that the installer was given are not taken; logs\\agent.log says why");
  // What is wrong stays wrong: a machine without these names is better than one that never checks in.
  forget_labels();
  return true;
}
