import type { IncomingMessage } from 'node:http';
import { resolveRelayUrl } from '@guruconnect/shared';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** No script, style or connection but our own and to our relays; nothing may put our pages into a frame. */
export function createSecurityHeaders(isSecure: boolean, relayUrls: () => readonly string[]): RequestHandler {
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // Dialogs and toasts add style elements at run time (scroll lock, animations).
        styleSrc: ["'self'", "'unsafe-inline'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        // 'self' covers WebSockets of the same origin in current browsers (CSP 3).
        connectSrc: [(request) => ["'self'", ...relaySources(request, isSecure, relayUrls())].join(' ')],
        workerSrc: ["'self'", 'blob:'],
        // The portal opens the installed app by its address, in a hidden frame.
        frameSrc: ['guruconnect:'],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(isSecure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    crossOriginEmbedderPolicy: false,
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: isSecure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });
  // What the viewer and the guest's screen sharing need, and nothing else.
  const allowed = ['clipboard-read', 'clipboard-write', 'display-capture', 'fullscreen', 'keyboard-map'];
  const refused = ['camera', 'geolocation', 'microphone', 'payment', 'usb', 'serial', 'midi'];
  const policy = [...allowed.map((name) => `${name}=(self)`), ...refused.map((name) => `${name}=()`)].join(
    ', ',
  );
  return (request, response, next) => {
    response.set('Permissions-Policy', policy);
    headers(request, response, next);
  };
}

/** The relays as pages of this request will call them. A host that is no host name gets none. */
function relaySources(request: IncomingMessage, isSecure: boolean, urls: readonly string[]): string[] {
  const host = (request as Partial<{ host: string }>).host ?? request.headers.host ?? '';
  const origin = `${isSecure ? 'https' : 'http'}://${host}`;
  if (!/^[A-Za-z0-9.:[\]-]+$/.test(host) || !URL.canParse(origin)) return [];
  const sources = urls.map((url) => new URL(resolveRelayUrl(url, origin)));
  return [...new Set(sources.map(({ protocol, host: at }) => `${protocol}//${at}`))];
}
