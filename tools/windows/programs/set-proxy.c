/* As `netsh winhttp set proxy`, which Wine has not: set-proxy HOST:PORT, or set-proxy none. */
#include <stdio.h>
#include <windows.h>

#include <winhttp.h>

int wmain(int count, wchar_t **arguments) {
  WINHTTP_PROXY_INFO info = {.dwAccessType = WINHTTP_ACCESS_TYPE_NO_PROXY};
  if (count != 2) return 2;
  if (wcscmp(arguments[1], L"none") != 0) {
    info.dwAccessType = WINHTTP_ACCESS_TYPE_NAMED_PROXY;
    info.lpszProxy = arguments[1];
  }
  if (WinHttpSetDefaultProxyConfiguration(&info)) return 0;
  printf("error %lu\n", GetLastError());
  return 1;
}
