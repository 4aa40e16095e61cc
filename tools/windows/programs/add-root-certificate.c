/* Makes this computer trust an authority: add-root-certificate FILE, the certificate as DER. */
#include <stdio.h>
#include <windows.h>

#include <wincrypt.h>

#define MAX_CERTIFICATE 65536

static int fail(const char *what) {
  printf("%s failed: error %lu\n", what, GetLastError());
  return 1;
}

int wmain(int count, wchar_t **arguments) {
  static BYTE der[MAX_CERTIFICATE];
  if (count != 2) {
    puts("Usage: add-root-certificate FILE");
    return 2;
  }
  FILE *file = _wfopen(arguments[1], L"rb");
  if (!file) return fail("Opening the certificate");
  DWORD size = (DWORD)fread(der, 1, sizeof der, file);
  fclose(file);
  HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_LOCAL_MACHINE, L"Root");
  if (!store) return fail("Opening the store");
  BOOL added = CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, der, size, CERT_STORE_ADD_REPLACE_EXISTING, NULL);
  if (!added) return fail("Adding the certificate");
  if (!CertCloseStore(store, CERT_CLOSE_STORE_CHECK_FLAG)) return fail("Closing the store");
  puts("added");
  return 0;
}
