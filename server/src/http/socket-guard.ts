import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { ClientAddresses } from './client-address.ts';
import { isOwnOrigin } from './origin-check.ts';

/** Whether a WebSocket handshake may go on: asked for every upgrade before anything else. */
export function createSocketGuard(deps: {
  addresses: ClientAddresses;
  publicUrl: string | undefined;
}): (request: IncomingMessage) => boolean {
  return (request) => {
    const isFromProxy = deps.addresses.isTrusted(request.socket.remoteAddress ?? '');
    const forwarded = (name: string) => (isFromProxy ? firstOf(request.headers[name]) : undefined);
    const isTls = (request.socket as Partial<TLSSocket>).encrypted === true;
    const scheme = forwarded('x-forwarded-proto') ?? (isTls ? 'https' : 'http');
    return isOwnOrigin(
      {
        headers: request.headers,
        host: forwarded('x-forwarded-host') ?? request.headers.host,
        isSecure: scheme === 'https',
      },
      deps.publicUrl,
    );
  };
}

function firstOf(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  return text?.split(',')[0]?.trim();
}
