#include <stdlib.h>
#include <string.h>

#include "http.h"
#include "log.h"
#include "text-windows.h"

struct download {
  struct http_client *client;
  const char *path;
  HANDLE file;
  uint64_t done, size;
  const struct http_progress *progress;
};

static bool fail_to_write(struct failure *failure) {
  return fail(failure, EXIT_DISK, "The download could not be written (error %lu). Is the disk full?", GetLastError());
}

static bool move_to(HANDLE file, uint64_t position) {
  LARGE_INTEGER distance = {.QuadPart = (LONGLONG)position};
  return SetFilePointerEx(file, distance, NULL, FILE_BEGIN);
}

/** The answer to a request for the rest is 206; a server that cannot do that sends all of it with 200. */
static HINTERNET ask(struct download *download, struct failure *failure) {
  wchar_t range[64];
  int status;
  struct http_request wanted = {.method = L"GET", .path = download->path};
  if (download->done > 0) {
    format_wide(range, 64, L"Range: bytes=%llu-\r\n", (unsigned long long)download->done);
    wanted.headers = range;
  }
  HINTERNET request = http_send(download->client, &wanted, &status, failure);
  if (!request || (status == 206 && download->done > 0)) return request;
  if (status == 200) {
    download->done = 0;
    return request;
  }
  http_refused(download->client, request, status, failure);
  WinHttpCloseHandle(request);
  return NULL;
}

static bool receive(struct download *download, HINTERNET request, struct failure *failure) {
  uint8_t *buffer = malloc(65536);
  bool ok = buffer && move_to(download->file, download->done) && SetEndOfFile(download->file);
  if (!ok) fail_to_write(failure);
  while (ok) {
    DWORD got = 0, written = 0;
    if (!WinHttpReadData(request, buffer, 65536, &got)) {
      ok = http_fail(download->client, GetLastError(), failure);
    } else if (got == 0) {
      break;
    } else if (download->client->cancelled && *download->client->cancelled) {
      ok = fail(failure, EXIT_CANCELLED, "Cancelled.");
    } else if (got > download->size - download->done) {
      ok = fail(failure, EXIT_ALTERED_PACK, "The server sends more than it announced, so it is not used.");
    } else if (!WriteFile(download->file, buffer, got, &written, NULL) || written != got) {
      ok = fail_to_write(failure);
    } else {
      download->done += got;
      const struct http_progress *progress = download->progress;
      if (progress) progress->report(progress->context, download->done, download->size);
    }
  }
  free(buffer);
  return ok;
}

bool http_get_file(struct http_client *client, const char *path, const wchar_t *file, uint64_t size,
                   const struct http_progress *progress, struct failure *failure) {
  struct download download = {.client = client, .path = path, .size = size, .progress = progress};
  LARGE_INTEGER there;
  download.file = CreateFileW(file, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_ALWAYS,
                              FILE_ATTRIBUTE_NORMAL, NULL);
  if (download.file == INVALID_HANDLE_VALUE) return fail_to_write(failure);
  if (GetFileSizeEx(download.file, &there) && (uint64_t)there.QuadPart <= size) {
    download.done = (uint64_t)there.QuadPart;
  }
  if (download.done > 0) log_line("going on with a download after %llu bytes", (unsigned long long)download.done);
  bool ok = true;
  if (download.done < size) {
    HINTERNET request = ask(&download, failure);
    ok = request && receive(&download, request, failure);
    if (request) WinHttpCloseHandle(request);
    // What has come so far stays, so that the next attempt goes on from there.
    if (ok && download.done < size) ok = fail(failure, EXIT_NO_NETWORK, "The download was interrupted.");
  }
  CloseHandle(download.file);
  return ok;
}
