import { type ChildProcess, fork } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { FromRelay, RELAY_LIMITS, type RelayTicketClaims, type ToRelay } from '@guruconnect/shared';
import * as z from 'zod/mini';

const ENTRY = fileURLToPath(new URL('../../../sfu/src/relay-main.ts', import.meta.url));
const SECRET = 'a secret that server and relay share, for tests';
/** The page that may be the viewer. */
export const VIEWER_ORIGIN = 'https://help.example';

/** The real relay in its own process. */
export interface TestRelay {
  readonly url: string;
  /** A new ticket for one pair. */
  ticket(): string;
  close(): Promise<void>;
}

export async function startTestRelay(tls?: { cert: string; key: string }): Promise<TestRelay> {
  const child: ChildProcess = fork(ENTRY, [], {
    execArgv: ['--import', 'tsx'],
    env: {},
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const say = (message: ToRelay) => child.send(message);
  say({ type: 'start', host: '127.0.0.1', port: 0, secret: SECRET, ...(tls ? { tls } : {}) });
  const [raw] = await once(child, 'message');
  const answer = z.parse(FromRelay, raw);
  if (answer.type === 'failed') throw new Error(answer.message);
  return {
    url: `${tls ? 'wss' : 'ws'}://127.0.0.1:${answer.port}/`,
    ticket: () => {
      const claims: RelayTicketClaims = {
        v: 1,
        peerId: randomUUID(),
        joinBy: Date.now() + 60_000,
        origin: VIEWER_ORIGIN,
        limits: RELAY_LIMITS,
      };
      const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
      return `${payload}.${createHmac('sha256', SECRET).update(payload).digest('base64url')}`;
    },
    close: async () => {
      const exited = once(child, 'exit');
      say({ type: 'stop' });
      await exited;
    },
  };
}
