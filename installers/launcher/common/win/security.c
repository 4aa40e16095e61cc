#include "security.h"

#include <aclapi.h>
#include <sddl.h>

bool security_from_acl(SECURITY_ATTRIBUTES *attributes, const wchar_t *acl, struct failure *failure) {
  *attributes = (SECURITY_ATTRIBUTES){.nLength = sizeof *attributes};
  if (ConvertStringSecurityDescriptorToSecurityDescriptorW(acl, SDDL_REVISION_1, &attributes->lpSecurityDescriptor,
                                                           NULL)) {
    return true;
  }
  return fail(failure, EXIT_UNEXPECTED, "Windows did not take an access list (error %lu).", GetLastError());
}

void security_free(SECURITY_ATTRIBUTES *attributes) {
  LocalFree(attributes->lpSecurityDescriptor);
  attributes->lpSecurityDescriptor = NULL;
}

/**
 * Whoever made the folder before us owns it and could open it up again, so it must become ours; only an administrator
 * (or SYSTEM) can do this, and only such programs call it.
 */
static bool take_over(const wchar_t *path, SECURITY_ATTRIBUTES *attributes) {
  wchar_t name[PATH_CAPACITY];
  PACL list = NULL;
  PSID administrators = NULL;
  BOOL present, defaulted;
  wcsncpy(name, path, PATH_CAPACITY - 1);
  name[PATH_CAPACITY - 1] = L'\0';
  DWORD kind = GetFileAttributesW(path);
  bool is_folder = kind != INVALID_FILE_ATTRIBUTES && kind & FILE_ATTRIBUTE_DIRECTORY;
  if (!is_folder || kind & FILE_ATTRIBUTE_REPARSE_POINT) return false;
  bool ok = ConvertStringSidToSidW(L"S-1-5-32-544", &administrators) &&
            GetSecurityDescriptorDacl(attributes->lpSecurityDescriptor, &present, &list, &defaulted) &&
            SetNamedSecurityInfoW(name, SE_FILE_OBJECT,
                                  OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION |
                                      PROTECTED_DACL_SECURITY_INFORMATION,
                                  administrators, NULL, list, NULL) == ERROR_SUCCESS;
  LocalFree(administrators);
  return ok;
}

bool make_protected_folder(const wchar_t *path, const wchar_t *acl, struct failure *failure) {
  SECURITY_ATTRIBUTES attributes;
  if (!security_from_acl(&attributes, acl, failure)) return false;
  bool ok = CreateDirectoryW(path, &attributes);
  if (!ok && GetLastError() == ERROR_ALREADY_EXISTS) ok = take_over(path, &attributes);
  if (!ok) fail(failure, EXIT_NOT_PERMITTED, "A protected folder could not be made (error %lu).", GetLastError());
  security_free(&attributes);
  return ok;
}
