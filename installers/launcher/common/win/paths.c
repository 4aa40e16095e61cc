#include "paths.h"

#include <windows.h>

#include <shlobj.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text-windows.h"

bool path_join(wchar_t out[PATH_CAPACITY], const wchar_t *folder, const wchar_t *name) {
  // `out` may be `folder`.
  size_t folder_size = wcslen(folder), name_size = wcslen(name);
  if (folder_size + 1 + name_size >= PATH_CAPACITY) return out[0] = L'\0', false;
  memmove(out, folder, folder_size * sizeof *out);
  out[folder_size] = L'\\';
  memcpy(out + folder_size + 1, name, (name_size + 1) * sizeof *out);
  return true;
}

bool path_folder(wchar_t out[PATH_CAPACITY], const wchar_t *path) {
  const wchar_t *name = path_name(path);
  size_t size = (size_t)(name - path);
  if (size == 0 || size >= PATH_CAPACITY) return out[0] = L'\0', false;
  memmove(out, path, size * sizeof *out);
  out[size - 1] = L'\0';
  return true;
}

const wchar_t *path_name(const wchar_t *path) {
  const wchar_t *last = wcsrchr(path, L'\\');
  return last ? last + 1 : path;
}

bool path_of_self(wchar_t out[PATH_CAPACITY]) {
  DWORD size = GetModuleFileNameW(NULL, out, PATH_CAPACITY);
  return size > 0 && size < PATH_CAPACITY;
}

/** What stands for the drive of Windows in its own notes; expanded here, since users can set variables as they like. */
static const wchar_t SYSTEM_DRIVE[] = L"%SystemDrive%";

/** Windows' own note of a folder for everybody, which administrators alone can change. */
static bool noted_folder(const wchar_t *key, const wchar_t *name, wchar_t out[PATH_CAPACITY]) {
  wchar_t value[MAX_PATH], windows[MAX_PATH];
  DWORD size = sizeof value;
  const DWORD wanted = RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND | RRF_SUBKEY_WOW6464KEY;
  if (RegGetValueW(HKEY_LOCAL_MACHINE, key, name, wanted, NULL, value, &size) != ERROR_SUCCESS) return false;
  const size_t length = sizeof SYSTEM_DRIVE / sizeof *SYSTEM_DRIVE - 1;
  bool is_on_system_drive = _wcsnicmp(value, SYSTEM_DRIVE, length) == 0;
  if (is_on_system_drive) {
    if (GetSystemWindowsDirectoryW(windows, MAX_PATH) < 2) return false;
    memmove(value + 2, value + length, (wcslen(value + length) + 1) * sizeof *value);
    memcpy(value, windows, 2 * sizeof *value);
  }
  bool is_whole = value[0] != L'\0' && value[1] == L':' && !wcschr(value, L'%');
  return is_whole && path_join(out, value, L"GuruConnect");
}

typedef HRESULT(WINAPI *folder_function)(HWND, int, HANDLE, DWORD, LPWSTR);

/**
 * Asks Windows for a folder and not the environment, which a user can set for programs that run elevated. The library
 * is loaded for the one call only; what it brings along costs megabytes all the same, so the service asks the notes above.
 */
static bool known_folder(int id, wchar_t out[PATH_CAPACITY], struct failure *failure) {
  wchar_t folder[MAX_PATH] = L"";
  HMODULE shell = LoadLibraryExW(L"shell32.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
  folder_function ask = shell ? (folder_function)(void *)GetProcAddress(shell, "SHGetFolderPathW") : NULL;
  bool ok = ask && ask(NULL, id, NULL, SHGFP_TYPE_CURRENT, folder) == S_OK && folder[0] != L'\0' &&
            path_join(out, folder, L"GuruConnect");
  if (shell) FreeLibrary(shell);
  return ok || fail(failure, EXIT_DISK, "Windows does not say where programs may keep their files.");
}

bool path_user_data(wchar_t out[PATH_CAPACITY], struct failure *failure) {
  return known_folder(CSIDL_LOCAL_APPDATA, out, failure) && make_folders(out, failure);
}

bool path_machine_data(wchar_t out[PATH_CAPACITY], struct failure *failure) {
  static const wchar_t KEY[] = L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList";
  return noted_folder(KEY, L"ProgramData", out) || known_folder(CSIDL_COMMON_APPDATA, out, failure);
}

bool path_program_files(wchar_t out[PATH_CAPACITY], struct failure *failure) {
  static const wchar_t KEY[] = L"SOFTWARE\\Microsoft\\Windows\\CurrentVersion";
  return noted_folder(KEY, L"ProgramFilesDir", out) || known_folder(CSIDL_PROGRAM_FILES, out, failure);
}

bool path_exists(const wchar_t *path) { return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES; }

static bool fail_with_file(struct failure *failure, const char *what, const wchar_t *path) {
  char reason[160], name[512];
  windows_error_text(GetLastError(), reason, sizeof reason);
  if (!from_wide(path, name, sizeof name)) name[0] = '\0';
  return fail(failure, EXIT_DISK, "%s %.100s failed: %s", what, name, reason);
}

bool make_folders(const wchar_t *path, struct failure *failure) {
  wchar_t above[PATH_CAPACITY];
  if (CreateDirectoryW(path, NULL) || GetLastError() == ERROR_ALREADY_EXISTS) return true;
  bool missing_above = GetLastError() == ERROR_PATH_NOT_FOUND;
  if (missing_above && path_folder(above, path) && wcslen(above) > 2) {
    if (!make_folders(above, failure)) return false;
    if (CreateDirectoryW(path, NULL) || GetLastError() == ERROR_ALREADY_EXISTS) return true;
  }
  return fail_with_file(failure, "Making the folder", path);
}

static bool remove_one(const wchar_t *path, DWORD attributes) {
  if (attributes & FILE_ATTRIBUTE_READONLY) SetFileAttributesW(path, FILE_ATTRIBUTE_NORMAL);
  return attributes & FILE_ATTRIBUTE_DIRECTORY ? RemoveDirectoryW(path) : DeleteFileW(path);
}

bool remove_tree(const wchar_t *path) {
  DWORD attributes = GetFileAttributesW(path);
  if (attributes == INVALID_FILE_ATTRIBUTES) return true;
  bool is_folder = attributes & FILE_ATTRIBUTE_DIRECTORY && !(attributes & FILE_ATTRIBUTE_REPARSE_POINT);
  if (!is_folder) return remove_one(path, attributes);
  // On the heap, since it calls itself.
  wchar_t *inner = malloc(PATH_CAPACITY * sizeof *inner);
  WIN32_FIND_DATAW found;
  if (!inner || !path_join(inner, path, L"*")) return free(inner), false;
  HANDLE search = FindFirstFileW(inner, &found);
  bool all = true;
  if (search != INVALID_HANDLE_VALUE) {
    do {
      if (wcscmp(found.cFileName, L".") == 0 || wcscmp(found.cFileName, L"..") == 0) continue;
      all = path_join(inner, path, found.cFileName) && remove_tree(inner) && all;
    } while (FindNextFileW(search, &found));
    FindClose(search);
  }
  free(inner);
  return remove_one(path, attributes) && all;
}

static bool write_whole(const wchar_t *path, const void *bytes, size_t size) {
  HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
  DWORD written = 0;
  if (file == INVALID_HANDLE_VALUE) return false;
  bool ok = WriteFile(file, bytes, (DWORD)size, &written, NULL) && written == size && FlushFileBuffers(file);
  CloseHandle(file);
  return ok;
}

bool write_file(const wchar_t *path, const void *bytes, size_t size, struct failure *failure) {
  wchar_t fresh[PATH_CAPACITY];
  bool ok = size <= 0x7fffffff && format_wide(fresh, PATH_CAPACITY, L"%ls.%lu.new", path, GetCurrentProcessId()) &&
            write_whole(fresh, bytes, size) &&
            MoveFileExW(fresh, path, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH);
  if (ok) return true;
  fail_with_file(failure, "Writing", path);
  DeleteFileW(fresh);
  return false;
}

bool read_file(const wchar_t *path, void *bytes, size_t capacity, size_t *size, struct failure *failure) {
  HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
  LARGE_INTEGER length;
  DWORD got = 0;
  if (file == INVALID_HANDLE_VALUE) return fail_with_file(failure, "Reading", path);
  bool ok = GetFileSizeEx(file, &length) && length.QuadPart >= 0 && (uint64_t)length.QuadPart <= capacity &&
            ReadFile(file, bytes, (DWORD)length.QuadPart, &got, NULL) && got == length.QuadPart;
  *size = got;
  if (!ok) fail_with_file(failure, "Reading", path);
  CloseHandle(file);
  return ok;
}
