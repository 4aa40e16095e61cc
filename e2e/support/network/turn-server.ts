import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADDRESS, type Lab } from './lab.ts';

const PROGRAM = '/usr/bin/turnserver';
export const TURN_PORT = 3478;
/** Where peers are relayed; the counters of a lab tell by it what went through TURN. */
export const RELAY_PORTS = { min: 49_152, max: 49_251 } as const;

/** Why there is no TURN server here; undefined when there is. */
export function turnUnavailable(): string | undefined {
  return existsSync(PROGRAM) ? undefined : 'coturn is not installed';
}

/**
 * A real coturn beside the lab's server, for STUN and TURN over UDP, which knows no users but the time-limited
 * credentials of this secret. Returns what the GuruConnect server must be told. It stops with the lab.
 */
export async function startTurnServer(lab: Lab, secret: string): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'gc-turn-'));
  const args = [
    ...[
      '-n',
      '--no-cli',
      '--no-tls',
      '--no-dtls',
      '--no-tcp',
      '--no-multicast-peers',
      '--no-software-attribute',
    ],
    ...[
      '--listening-ip',
      ADDRESS.server,
      '--listening-port',
      String(TURN_PORT),
      '--relay-ip',
      ADDRESS.server,
    ],
    ...['--min-port', String(RELAY_PORTS.min), '--max-port', String(RELAY_PORTS.max)],
    ...['--use-auth-secret', '--static-auth-secret', secret, '--realm', 'guruconnect.test'],
    ...[
      '--log-file',
      'stdout',
      '--simple-log',
      '--pidfile',
      join(folder, 'pid'),
      '--userdb',
      join(folder, 'db'),
    ],
  ];
  const turn = lab.run(lab.server, PROGRAM, args);
  void turn.ended.then(() => rmSync(folder, { recursive: true, force: true }));
  await turn.waitFor(/DB connection success/, 10_000);
  const at = `${ADDRESS.server}:${TURN_PORT}`;
  return {
    ICE_SERVERS: JSON.stringify([{ urls: `stun:${at}` }, { urls: `turn:${at}?transport=udp` }]),
    TURN_SECRET: secret,
  };
}
