#include "../../common/parse/manifest.h"
#include "../../common/parse/version-order.h"
#include "check.h"
#include "samples.h"

static struct manifest manifest;

static int reads(const char *text) {
  struct failure failure = {0};
  return manifest_parse(&manifest, text, strlen(text), &failure);
}

/** The sample with one part of it replaced. */
static int reads_with(const char *part, const char *other) {
  char text[2048];
  const char *at = strstr(SAMPLE_MANIFEST, part);
  snprintf(text, sizeof text, "%.*s%s%s", (int)(at - SAMPLE_MANIFEST), SAMPLE_MANIFEST, other, at + strlen(part));
  return reads(text);
}

static void check_versions(void) {
  CHECK(version_order("1.2.3", "1.2.3") == 0);
  CHECK(version_order("1.2", "1.2.0.0") == 0);
  CHECK(version_order("1.10.0", "1.9.9") > 0);
  CHECK(version_order("0.1.0", "0.1.1") < 0);
  CHECK(version_order("x", "0.0") < 0);
  CHECK(version_order("1.0", "") > 0);
  CHECK(!version_is_valid("1"));
  CHECK(!version_is_valid("1.2.3.4.5"));
  CHECK(!version_is_valid("1..2"));
  CHECK(!version_is_valid("1.2."));
  CHECK(!version_is_valid("1.123456"));
  CHECK(!version_is_valid("1.2-rc"));
}

void check_manifest(void) {
  check_versions();
  CHECK(reads(SAMPLE_MANIFEST));
  CHECK_TEXT(manifest.version, "0.1.0");
  CHECK_TEXT(manifest.pack.sha256, SAMPLE_HASH);
  CHECK(manifest.pack.size == 16304120 && !manifest.service.is_named && manifest.ui.is_named);
  CHECK(!reads_with("\"format\":1", "\"format\":2"));
  CHECK(!reads_with("win32-x64", "win32-arm"));
  CHECK(!reads_with("0.1.0", "0.1.0/../x"));
  CHECK(!reads_with("\"pack\":" SAMPLE_BLOB, "\"pack\":null"));
  CHECK(!reads_with("16304120", "0"));
  CHECK(!reads_with("16304120", "99999999999"));
  CHECK(!reads_with("16304120", "-1"));
  CHECK(!reads_with("0123456789abcdef0123", "0123456789ABCDEF0123"));
  CHECK(!reads_with("0123456789abcdef0123", "../456789abcdef0123"));
  CHECK(!reads_with(",\"service\":null", ""));
  CHECK(!reads("{"));
}
