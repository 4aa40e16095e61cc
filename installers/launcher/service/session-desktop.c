#include "session-desktop.h"

DWORD console_session(void) {
  return WTSGetActiveConsoleSessionId();
}

bool session_token(DWORD session, HANDLE *token, struct failure *failure) {
  DWORD own = 0;
  HANDLE process;
  *token = NULL;
  if (!ProcessIdToSessionId(GetCurrentProcessId(), &own) || own == session || session == 0xFFFFFFFF) return true;
  // Not tried under Wine. From here: the service runs as LocalSystem, which has the privilege to choose a session
  // (SeTcbPrivilege) and to start processes with the token (SeAssignPrimaryTokenPrivilege).
  const DWORD access = TOKEN_DUPLICATE | TOKEN_QUERY;
  if (!OpenProcessToken(GetCurrentProcess(), access, &process)) {
    return fail(failure, EXIT_NOT_PERMITTED, "The service's own token cannot be opened (%lu).", GetLastError());
  }
  BOOL is_made = DuplicateTokenEx(process, MAXIMUM_ALLOWED, NULL, SecurityIdentification, TokenPrimary, token);
  if (is_made && !SetTokenInformation(*token, TokenSessionId, &session, sizeof session)) {
    DWORD error = GetLastError();
    CloseHandle(*token);
    *token = NULL;
    is_made = FALSE;
    SetLastError(error);
  }
  if (!is_made) {
    fail(failure, EXIT_NOT_PERMITTED, "The desktop of session %lu cannot be reached (%lu).", session, GetLastError());
  }
  CloseHandle(process);
  return is_made;
}

static const wchar_t POLICIES[] = L"Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System";
static const wchar_t GENERATION[] = L"SoftwareSASGeneration";

/**
 * Windows obeys SendSAS of services only where this policy says so (1: services). Group Policy writes the same value;
 * it is ours for a moment only, so that what an administrator chose stays.
 */
static bool allow_services(DWORD *before, bool *was_set) {
  HKEY key;
  DWORD size = sizeof *before, value;
  if (RegCreateKeyExW(HKEY_LOCAL_MACHINE, POLICIES, 0, NULL, 0, KEY_READ | KEY_WRITE, NULL, &key, NULL) != 0) {
    return false;
  }
  *was_set = RegQueryValueExW(key, GENERATION, NULL, NULL, (BYTE *)before, &size) == 0;
  if (!*was_set) *before = 0;
  value = *before | 1;
  LONG error = RegSetValueExW(key, GENERATION, 0, REG_DWORD, (const BYTE *)&value, sizeof value);
  RegCloseKey(key);
  return error == 0;
}

static void restore_policy(DWORD before, bool was_set) {
  HKEY key;
  if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, POLICIES, 0, KEY_WRITE, &key) != 0) return;
  if (was_set) RegSetValueExW(key, GENERATION, 0, REG_DWORD, (const BYTE *)&before, sizeof before);
  else RegDeleteValueW(key, GENERATION);
  RegCloseKey(key);
}

bool send_secure_attention(struct failure *failure) {
  // Not tried under Wine, which has no sas.dll. SendSAS(FALSE): called by a service, not on behalf of a user.
  HMODULE library = LoadLibraryExW(L"sas.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (!library) return fail(failure, EXIT_NOT_PERMITTED, "This Windows has no sas.dll.");
  FARPROC found = GetProcAddress(library, "SendSAS");
  VOID(WINAPI * send)(BOOL) = (VOID(WINAPI *)(BOOL))(void (*)(void))found;
  DWORD before = 0;
  bool was_set = false, is_allowed = send && allow_services(&before, &was_set);
  if (is_allowed) {
    send(FALSE);
    // Winlogon reads the policy when the wish arrives, which SendSAS does not wait for.
    Sleep(500);
    restore_policy(before, was_set);
  }
  FreeLibrary(library);
  return is_allowed || fail(failure, EXIT_NOT_PERMITTED, "Windows does not let the service ask for Ctrl-Alt-Del.");
}
