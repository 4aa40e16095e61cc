import { once } from 'node:events';
import {
  decodePresenceFrame,
  encodePresenceFrame,
  PRESENCE_FRAMES,
  PRESENCE_NAMESPACE,
  PRESENCE_PATH,
  PRESENCE_PROTOCOL,
} from '@guruconnect/shared';
import { WebSocket } from 'ws';
import { type MachineIdentity, signChallenge } from './machine-identity.ts';

/** An agent's line by its bytes: says what no proper client would say, and stops answering when it is told to. */
export interface RawLine {
  readonly socket: WebSocket;
  /** Everything that came, oldest first. */
  readonly frames: string[];
  /** Settles with the closing code. */
  readonly closed: Promise<number>;
  send(frame: string | Buffer): void;
  /** The next frame that begins so. */
  next(start: string): Promise<string>;
  /** Stops reading and answering, as when the cable is cut: nothing is said to the server. */
  freeze(): void;
}

export async function openRawLine(url: string, headers: Record<string, string> = {}): Promise<RawLine> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${PRESENCE_PATH}?EIO=4&transport=websocket`, {
    headers,
  });
  const frames: string[] = [];
  const waiting = new Set<() => void>();
  let isFrozen = false;
  socket.on('message', (data) => {
    if (isFrozen) return;
    const frame = data.toString();
    frames.push(frame);
    if (frame === PRESENCE_FRAMES.ping) socket.send(PRESENCE_FRAMES.pong);
    for (const look of [...waiting]) look();
  });
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => resolve(code));
  });
  await Promise.race([once(socket, 'open'), closed]);
  return {
    socket,
    frames,
    closed,
    send: (frame) => socket.send(frame),
    next: (start) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const at = frames.findIndex((frame) => frame.startsWith(start));
          if (at < 0) return;
          waiting.delete(look);
          resolve(frames.splice(at, 1)[0] ?? '');
        };
        void closed.then((code) => reject(new Error(`It closed with ${code} after ${frames.join(' ')}`)));
        waiting.add(look);
        look();
      }),
    freeze: () => {
      isFrozen = true;
      socket.pause();
    },
  };
}

/** Opens the namespace and says hello; resolves with the nonce of the challenge. */
export async function sayHello(line: RawLine, { machineId }: MachineIdentity): Promise<string> {
  line.send(PRESENCE_FRAMES.connect);
  await line.next(`40${PRESENCE_NAMESPACE},`);
  line.send(encodePresenceFrame({ type: 'hello', protocol: PRESENCE_PROTOCOL, machineId, version: '0.1.0' }));
  return nextNonce(line);
}

export async function nextNonce(line: RawLine): Promise<string> {
  const message = decodePresenceFrame(await line.next(`42${PRESENCE_NAMESPACE},["challenge"`));
  if (message?.type !== 'challenge') throw new Error('That is no challenge.');
  return message.nonce;
}

export function answerChallenge(line: RawLine, identity: MachineIdentity, nonce: string): void {
  line.send(encodePresenceFrame({ type: 'challenge', nonce, signature: signChallenge(identity, nonce) }));
}

/** A line that is online. */
export async function openOnlineLine(
  url: string,
  identity: MachineIdentity,
  headers: Record<string, string> = {},
): Promise<RawLine> {
  const line = await openRawLine(url, headers);
  answerChallenge(line, identity, await sayHello(line, identity));
  await line.next(`42${PRESENCE_NAMESPACE},["hello"`);
  return line;
}
