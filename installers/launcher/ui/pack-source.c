#include "pack-source.h"

#include "../common/win/log.h"
#include "../common/win/pack.h"
#include "../common/win/release.h"
#include "../common/win/resources.h"
#include "../common/win/text-windows.h"

static void report(void *context, uint64_t done, uint64_t total) {
  const struct pack_view *view = context;
  if (view->progress) view->progress(view->context, total ? (int)(done * 1000 / total) : 0);
}

static void tell(const struct pack_view *view, const char *text) {
  if (view->status) view->status(view->context, text);
}

static bool fetch_and_unpack(const struct config *config, const struct blob *blob, const wchar_t *packs,
                             const struct pack_view *view, wchar_t folder[PATH_CAPACITY], struct failure *failure) {
  struct http_progress progress = {.context = (void *)view, .report = report};
  struct http_client client;
  wchar_t file[PATH_CAPACITY];
  if (!make_folders(packs, failure) || !http_open(&client, config, failure)) return false;
  client.cancelled = view->cancelled;
  tell(view, "Downloading\xe2\x80\xa6");
  bool ok = format_wide(file, PATH_CAPACITY, L"%ls\\%hs.tar.xz", packs, blob->sha256) &&
            blob_fetch(&client, blob, file, &progress, failure);
  http_close(&client);
  if (!ok) return false;
  struct pack_source source = {.file = file};
  tell(view, "Preparing\xe2\x80\xa6");
  ok = pack_unpack(&source, blob, packs, folder, &progress, view->cancelled, failure);
  DeleteFileW(file);
  return ok;
}

bool pack_prepare(const struct config *config, const wchar_t *packs, const struct pack_view *view,
                  wchar_t folder[PATH_CAPACITY], HANDLE *use, struct failure *failure) {
  struct manifest manifest;
  struct http_progress progress = {.context = (void *)view, .report = report};
  if (!manifest_from_resources(config, &manifest, failure)) return false;
  *use = pack_use(&manifest.pack, packs);
  if (pack_folder(&manifest.pack, packs, folder)) {
    log_line("the program's files are there already");
    return true;
  }
  struct pack_source source = {0};
  source.bytes = resource_bytes(L"GCPACK", &source.size);
  if (!source.bytes) return fetch_and_unpack(config, &manifest.pack, packs, view, folder, failure);
  tell(view, "Preparing\xe2\x80\xa6");
  return pack_unpack(&source, &manifest.pack, packs, folder, &progress, view->cancelled, failure);
}
