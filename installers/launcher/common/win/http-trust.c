#include "http-trust.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <wincrypt.h>

#include "../parse/encoding.h"
#include "log.h"

struct http_trust {
  HCERTSTORE store;
  HCERTCHAINENGINE engine;
  wchar_t host[256];
  volatile LONG refused;
};

static bool add_certificate(HCERTSTORE store, const char *base64, size_t length) {
  uint8_t der[8192];
  size_t size;
  return base64_decode(base64, length, der, sizeof der, &size) &&
         CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, der, (DWORD)size, CERT_STORE_ADD_ALWAYS, NULL);
}

static int add_all(HCERTSTORE store, const char *pem) {
  static const char begin[] = "-----BEGIN CERTIFICATE-----", end[] = "-----END CERTIFICATE-----";
  int count = 0;
  const char *start, *stop;
  while ((start = strstr(pem, begin)) != NULL && (stop = strstr(start, end)) != NULL) {
    start += sizeof begin - 1;
    if (!add_certificate(store, start, (size_t)(stop - start))) return 0;
    count++;
    pem = stop + sizeof end - 1;
  }
  return count;
}

struct http_trust *http_trust_make(const char *pem, struct failure *failure) {
  struct http_trust *trust = calloc(1, sizeof *trust);
  // As of Windows 7: Wine takes no longer one, and what came after is not used.
  CERT_CHAIN_ENGINE_CONFIG config = {.cbSize = offsetof(CERT_CHAIN_ENGINE_CONFIG, dwExclusiveFlags)};
  if (trust) trust->store = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL);
  if (trust && trust->store && add_all(trust->store, pem) > 0) {
    // Exclusive: with this engine nothing but our authority counts; Windows' own authorities are asked apart.
    config.hExclusiveRoot = trust->store;
    if (CertCreateCertificateChainEngine(&config, &trust->engine)) return trust;
  }
  http_trust_free(trust);
  fail(failure, EXIT_NOT_CONFIGURED, "The authority inside this program cannot be read.");
  return NULL;
}

void http_trust_free(struct http_trust *trust) {
  if (!trust) return;
  if (trust->engine) CertFreeCertificateChainEngine(trust->engine);
  if (trust->store) CertCloseStore(trust->store, 0);
  free(trust);
}

/** Whether an engine (NULL: Windows' own authorities) vouches for the certificate as this host's. */
static bool is_vouched_for(PCCERT_CONTEXT certificate, HCERTCHAINENGINE engine, wchar_t *host) {
  CERT_CHAIN_PARA wanted = {.cbSize = sizeof wanted};
  PCCERT_CHAIN_CONTEXT chain = NULL;
  if (!CertGetCertificateChain(engine, certificate, NULL, certificate->hCertStore, &wanted, 0, NULL, &chain)) {
    return false;
  }
  // Nothing but unknown revocation is forgiven, whatever the policy below makes of an incomplete chain.
  const DWORD forgiven = CERT_TRUST_REVOCATION_STATUS_UNKNOWN | CERT_TRUST_IS_OFFLINE_REVOCATION;
  bool is_whole = (chain->TrustStatus.dwErrorStatus & ~forgiven) == 0;
  // The policy is there for the name and the purpose; about an authority of ours only the chain above knows.
  HTTPSPolicyCallbackData server = {.cbStruct = sizeof server, .dwAuthType = AUTHTYPE_SERVER, .pwszServerName = host};
  if (engine) server.fdwChecks = SECURITY_FLAG_IGNORE_UNKNOWN_CA;
  CERT_CHAIN_POLICY_PARA policy = {.cbSize = sizeof policy, .pvExtraPolicyPara = &server};
  CERT_CHAIN_POLICY_STATUS status = {.cbSize = sizeof status};
  bool ok = is_whole && CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_SSL, chain, &policy, &status) &&
            status.dwError == 0;
  CertFreeCertificateChain(chain);
  return ok;
}

static void CALLBACK on_status(HINTERNET request, DWORD_PTR context, DWORD status, LPVOID info, DWORD size) {
  (void)info;
  (void)size;
  struct http_trust *trust = (struct http_trust *)context;
  if (status != WINHTTP_CALLBACK_STATUS_SENDING_REQUEST || !trust) return;
  PCCERT_CONTEXT certificate = NULL;
  DWORD room = sizeof certificate;
  bool ok = WinHttpQueryOption(request, WINHTTP_OPTION_SERVER_CERT_CONTEXT, &certificate, &room) && certificate &&
            (is_vouched_for(certificate, trust->engine, trust->host) ||
             is_vouched_for(certificate, NULL, trust->host));
  if (certificate) CertFreeCertificateContext(certificate);
  if (ok) return;
  InterlockedExchange(&trust->refused, 1);
  log_line("the server's certificate is not vouched for by anyone we trust");
  // Documented to be allowed here, and to end the request before anything was sent. Wine sends its head all the same;
  // what comes back is not read there either.
  WinHttpCloseHandle(request);
}

bool http_trust_apply(struct http_trust *trust, HINTERNET request, const wchar_t *host) {
  DWORD flags = SECURITY_FLAG_IGNORE_UNKNOWN_CA;
  DWORD_PTR context = (DWORD_PTR)trust;
  wcsncpy(trust->host, host, 255);
  InterlockedExchange(&trust->refused, 0);
  return WinHttpSetOption(request, WINHTTP_OPTION_SECURITY_FLAGS, &flags, sizeof flags) &&
         WinHttpSetOption(request, WINHTTP_OPTION_CONTEXT_VALUE, &context, sizeof context) &&
         WinHttpSetStatusCallback(request, on_status, WINHTTP_CALLBACK_FLAG_SEND_REQUEST, 0) !=
             WINHTTP_INVALID_STATUS_CALLBACK;
}

bool http_trust_refused(const struct http_trust *trust) { return trust && trust->refused; }
