/** A STUN or TURN server's address, as `turn:HOST:PORT?transport=tcp` says it (RFC 7064, RFC 7065). */
export interface IceUrl {
  readonly isTurn: boolean;
  readonly over: 'UDP' | 'TCP' | 'TLS';
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

const PATTERN =
  /^(?:(stuns?|turns?):)?(?:\[([0-9a-f:.%]+)\]|([^[\]:?/@\s]+))(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i;
const PORT = 3478;
const TLS_PORT = 5349;

/** undefined for what is no such address. Without a scheme it is STUN's. */
export function readIceUrl(text: string): IceUrl | undefined {
  const [match, scheme = 'stun', bracketed, plain, digits, transport] = PATTERN.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (match === undefined || host === undefined) return undefined;
  const isSecure = /s$/i.test(scheme);
  const port = digits === undefined ? (isSecure ? TLS_PORT : PORT) : Number(digits);
  if (port < 1 || port > 65_535) return undefined;
  const over = isSecure ? 'TLS' : transport?.toLowerCase() === 'tcp' ? 'TCP' : 'UDP';
  return { isTurn: /^turn/i.test(scheme), over, host, port };
}
