import type { Request } from 'express';

/** A host name or address with its port. It ends up in shell scripts and programs, so nothing that a shell knows is in it. */
const HOST = /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/** Where a request went; undefined when the header is missing or no name of a host: it is the client's own word. */
export function requestOrigin(request: Request): string | undefined {
  const host: string | undefined = request.host;
  return host !== undefined && HOST.test(host) ? `${request.protocol}://${host}` : undefined;
}
