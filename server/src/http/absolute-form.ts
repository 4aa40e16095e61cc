import type { Server as HttpServer, IncomingMessage } from 'node:http';

/**
 * Takes requests that name the whole address in their first line, as every server must (RFC 9112, 3.2.2): some clients
 * write it that way when they go through a proxy. To be called when all that listens is in place; it goes first.
 */
export function takeAbsoluteForm(server: HttpServer): void {
  const shorten = (request: IncomingMessage) => {
    const rest = /^https?:\/\/[^/?#]*(.*)$/i.exec(request.url ?? '')?.[1];
    if (rest !== undefined) request.url = rest.startsWith('/') ? rest : `/${rest}`;
  };
  server.prependListener('request', shorten);
  server.prependListener('upgrade', shorten);
}
