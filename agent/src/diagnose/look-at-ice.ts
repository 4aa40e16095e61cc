import type { IceServer } from '@guruconnect/shared';
import { describeError } from '../core/log.ts';
import type { Finding } from './diagnosis.ts';
import { readIceUrl } from './ice-url.ts';
import { openStunLine, type StunLineOptions } from './stun-line.ts';
import { tryStun, tryTurn } from './try-ice.ts';

/** A finding about a STUN or TURN server, and what it would be good for. */
export interface IceFinding extends Finding {
  readonly is: 'stun' | 'turn';
  readonly over: 'UDP' | 'TCP' | 'TLS';
}

/** Asks a STUN or TURN server what a session would ask of it. What fails is doubtful: there may be other ways. */
export async function lookAtIce(server: IceServer, options: StunLineOptions): Promise<IceFinding> {
  const url = readIceUrl(server.urls);
  if (url === undefined) {
    const text = 'That is no address of a STUN or TURN server, such as stun:stun.example.com:3478.';
    return { title: server.urls, outcome: 'doubtful', text, is: 'stun', over: 'UDP' };
  }
  const { isTurn, over, host, port } = url;
  const { username, credential } = server;
  const isMember = isTurn && username !== undefined && credential !== undefined;
  const about = {
    title: `${isMember ? 'TURN' : 'STUN'} over ${over} at ${host}, port ${port}`,
    is: isMember ? 'turn' : 'stun',
    over,
  } as const;
  try {
    const line = await openStunLine(url, options);
    try {
      if (isMember) {
        const text = `It gives this computer a place and took it back. (${await tryTurn(line, { username, credential })})`;
        return { ...about, outcome: 'good', text };
      }
      const text = `It answers; from outside this computer is ${await tryStun(line)}.`;
      const untried = isTurn ? ' TURN itself was not tried: there are no credentials for it here.' : '';
      return { ...about, outcome: 'good', text: text + untried };
    } finally {
      line.close();
    }
  } catch (error) {
    return { ...about, outcome: 'doubtful', text: `It does not work from here: ${describeError(error)}.` };
  }
}
