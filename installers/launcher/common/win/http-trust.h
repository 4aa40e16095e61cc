#ifndef GURUCONNECT_HTTP_TRUST_H
#define GURUCONNECT_HTTP_TRUST_H

#include <windows.h>
#include <winhttp.h>

#include "../parse/failure.h"

/**
 * Trust in one more authority, for our own connections only. WinHTTP cannot be given one, so requests are told to let
 * unknown authorities pass, and the certificate is judged here when the connection stands and nothing has been sent.
 */
struct http_trust;

/** `pem` holds one or more certificates. NULL when it holds none that can be read. */
struct http_trust *http_trust_make(const char *pem, struct failure *failure);
void http_trust_free(struct http_trust *trust);

/** Makes a request be judged by `trust`. `host` is the name that its certificate must carry. */
bool http_trust_apply(struct http_trust *trust, HINTERNET request, const wchar_t *host);

/** Whether the certificate of the last request was refused; its handle is closed then. */
bool http_trust_refused(const struct http_trust *trust);

#endif
