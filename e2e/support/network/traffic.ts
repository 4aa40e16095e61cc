import { ADDRESS, type Lab } from './lab.ts';
import { RELAY_PORTS, TURN_PORT } from './turn-server.ts';

/** Which way the bytes between agent and viewer took, counted where all ways meet. */
export interface Traffic {
  /** UDP from one to the other. */
  readonly direct: number;
  /** UDP to and from the TURN server. */
  readonly turn: number;
  /** TCP to and from the relay beside the server. */
  readonly relay: number;
}

const NAMES = ['direct', 'turn', 'relay'] as const;

/** Counts on the server's side of a lab from now on. */
export async function countTraffic(lab: Lab): Promise<() => Promise<Traffic>> {
  const turnPorts = `{ ${TURN_PORT}, ${RELAY_PORTS.min}-${RELAY_PORTS.max} }`;
  const relay = lab.port + 1;
  await lab.server.run(
    'nft',
    // Made first, then removed, so that it counts from zero whether it was there or not.
    `table ip traffic
     delete table ip traffic
     table ip traffic {
       ${NAMES.map((name) => `counter ${name} {}`).join('\n')}
       chain pass { type filter hook forward priority 0; meta l4proto udp counter name direct; }
       chain in { type filter hook input priority 0; iifname "lo" accept;
         ip daddr ${ADDRESS.server} udp dport ${turnPorts} counter name turn;
         tcp dport ${relay} counter name relay;
       }
       chain out { type filter hook output priority 0; oifname "lo" accept;
         ip saddr ${ADDRESS.server} udp sport ${turnPorts} counter name turn;
         tcp sport ${relay} counter name relay;
       }
     }`,
  );
  return async () => {
    const text = await lab.server.run('nft', 'list', 'counters', 'table', 'ip', 'traffic');
    const bytes = (name: string) =>
      Number(new RegExp(`counter ${name} \\{\\s+packets \\d+ bytes (\\d+)`).exec(text)?.[1] ?? Number.NaN);
    return { direct: bytes('direct'), turn: bytes('turn'), relay: bytes('relay') };
  };
}
