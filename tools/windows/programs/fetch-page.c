/* Fetches an address as Windows programs do: fetch-page HOST PORT PATH. Prints the status, or the error's number. */
#include <stdio.h>
#include <windows.h>

#include <winhttp.h>

static int fail(const char *what) {
  printf("%s: error %lu\n", what, GetLastError());
  return 1;
}

int wmain(int count, wchar_t **arguments) {
  if (count != 4) return 2;
  HINTERNET session = WinHttpOpen(L"fetch-page", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
  if (!session) return fail("session");
  HINTERNET connection = WinHttpConnect(session, arguments[1], (INTERNET_PORT)_wtoi(arguments[2]), 0);
  if (!connection) return fail("connection");
  HINTERNET request = WinHttpOpenRequest(connection, L"GET", arguments[3], NULL, NULL, NULL, WINHTTP_FLAG_SECURE);
  if (!request) return fail("request");
  if (!WinHttpSendRequest(request, NULL, 0, NULL, 0, 0, 0)) return fail("send");
  if (!WinHttpReceiveResponse(request, NULL)) return fail("receive");
  DWORD status = 0, size = sizeof status;
  WinHttpQueryHeaders(request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER, NULL, &status, &size, NULL);
  printf("status %lu\n", status);
  return 0;
}
