import type { IceServer } from '@guruconnect/shared';
import type { IceServer as NodeIceServer } from 'node-datachannel';

const PATTERN = /^(stuns?|turns?):([^:?[\]]+|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/;
const DEFAULT_PORT = 3478;

/** The servers in the library's own form. Those it cannot use (TURN over TCP or TLS) are left out. */
export function toNodeIceServers(servers: readonly IceServer[]): NodeIceServer[] {
  return servers.flatMap((server) => {
    const [, scheme, host, port, transport] = PATTERN.exec(server.urls) ?? [];
    if (!host || transport === 'tcp' || scheme === 'turns' || scheme === 'stuns') return [];
    const hostname = host.replace(/^\[|\]$/g, '');
    const at = { hostname, port: port === undefined ? DEFAULT_PORT : Number(port) };
    if (scheme === 'stun') return [at];
    if (server.username === undefined || server.credential === undefined) return [];
    return [{ ...at, username: server.username, password: server.credential, relayType: 'TurnUdp' as const }];
  });
}
