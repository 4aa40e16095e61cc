#include "network-change.h"

#include <stdbool.h>
#include <stdlib.h>

typedef DWORD(WINAPI *notify_function)(HANDLE *, OVERLAPPED *);
typedef BOOL(WINAPI *cancel_function)(OVERLAPPED *);

struct network_change {
  HMODULE library;
  notify_function notify;
  OVERLAPPED overlapped;
};

static bool ask(struct network_change *watch) {
  HANDLE unused;
  return watch->notify(&unused, &watch->overlapped) == ERROR_IO_PENDING;
}

struct network_change *network_change_watch(void) {
  struct network_change *watch = calloc(1, sizeof *watch);
  if (!watch) return NULL;
  watch->library = LoadLibraryExW(L"iphlpapi.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
  watch->overlapped.hEvent = CreateEventW(NULL, FALSE, FALSE, NULL);
  if (watch->library) {
    watch->notify = (notify_function)(void (*)(void))GetProcAddress(watch->library, "NotifyAddrChange");
  }
  if (watch->notify && ask(watch)) return watch;
  network_change_close(watch);
  return NULL;
}

HANDLE network_change_event(const struct network_change *watch) {
  return watch->overlapped.hEvent;
}

void network_change_again(struct network_change *watch) {
  ask(watch);
}

void network_change_close(struct network_change *watch) {
  if (!watch) return;
  if (watch->library) {
    cancel_function cancel = (cancel_function)(void (*)(void))GetProcAddress(watch->library, "CancelIPChangeNotify");
    if (cancel && watch->notify) cancel(&watch->overlapped);
    FreeLibrary(watch->library);
  }
  CloseHandle(watch->overlapped.hEvent);
  free(watch);
}
