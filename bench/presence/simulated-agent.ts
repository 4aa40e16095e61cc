import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import {
  decodePresenceFrame,
  encodePresenceFrame,
  PRESENCE_FRAMES,
  PRESENCE_NAMESPACE,
  PRESENCE_PATH,
  PRESENCE_PING_MS,
  PRESENCE_PING_TIMEOUT_MS,
  PRESENCE_PROTOCOL,
  presenceChallengeText,
} from '@guruconnect/shared';
import { WebSocket } from 'ws';

/** A machine as the bench enrols it. */
export interface SimulatedMachine {
  readonly machineId: string;
  /** Raw, base64url. */
  readonly publicKey: string;
}

export interface SimulatedAgentEvents {
  readonly online: () => void;
  readonly offline: () => void;
  /** Refused with that code. */
  readonly refused: (code: string) => void;
}

/** The retry times of the product's agent: full jitter up to 15 s, or what the server says and up to a quarter more. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
const OVER_TOLD = 0.25;

/**
 * An always-on agent that only holds its line: its bytes, its signature and its retry times are those of a real one, its
 * memory and its processor time a fraction.
 */
export class SimulatedAgent {
  readonly machine: SimulatedMachine;
  readonly #key: KeyObject;
  readonly #events: SimulatedAgentEvents;
  #url = '';
  #socket: WebSocket | undefined;
  #failures = 0;
  #isOnline = false;
  #isFrozen = false;
  #retryAfterMs: number | undefined;
  #watchdog: NodeJS.Timeout | undefined;

  constructor(events: SimulatedAgentEvents) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const raw = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
    this.machine = { machineId: randomUUID(), publicKey: raw.toString('base64url') };
    this.#key = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }));
    this.#events = events;
  }

  connect(url: string): void {
    this.#url = url;
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${PRESENCE_PATH}?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
    });
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#hear(socket, data.toString('utf8')));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#lost());
  }

  /** Stops reading and answering, as when the cable is cut. */
  freeze(): void {
    this.#isFrozen = true;
    clearTimeout(this.#watchdog);
    this.#socket?.pause();
  }

  /** Ends in order, for good. */
  stop(): void {
    this.#isFrozen = true;
    clearTimeout(this.#watchdog);
    this.#socket?.send(PRESENCE_FRAMES.disconnect);
    this.#socket?.close();
  }

  #hear(socket: WebSocket, frame: string): void {
    if (frame === PRESENCE_FRAMES.ping) {
      socket.send(PRESENCE_FRAMES.pong);
      this.#watch();
    } else if (frame.startsWith('0')) socket.send(PRESENCE_FRAMES.connect);
    else if (frame.startsWith(`40${PRESENCE_NAMESPACE}`)) this.#greet(socket);
    else if (frame.startsWith(`44${PRESENCE_NAMESPACE}`)) this.#refused(frame);
    else this.#answer(socket, frame);
  }

  #greet(socket: WebSocket): void {
    const { machineId } = this.machine;
    const hello = { type: 'hello', protocol: PRESENCE_PROTOCOL, machineId, version: '0.1.0' } as const;
    socket.send(encodePresenceFrame(hello));
  }

  #answer(socket: WebSocket, frame: string): void {
    const message = decodePresenceFrame(frame);
    if (message?.type === 'challenge') {
      const { nonce } = message;
      const text = Buffer.from(presenceChallengeText({ machineId: this.machine.machineId, nonce }));
      const signature = sign('sha256', text, { key: this.#key, dsaEncoding: 'ieee-p1363' });
      socket.send(
        encodePresenceFrame({ type: 'challenge', nonce, signature: signature.toString('base64url') }),
      );
    } else if (message?.type === 'hello') {
      this.#failures = 0;
      this.#isOnline = true;
      this.#events.online();
      this.#watch();
    }
  }

  #refused(frame: string): void {
    const { data } = JSON.parse(frame.slice(frame.indexOf('{'))) as {
      data: { code: string; details?: { retryAfterMs?: number } };
    };
    this.#retryAfterMs = data.details?.retryAfterMs;
    this.#events.refused(data.code);
  }

  /** A server that does not ping any more is gone. */
  #watch(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#socket?.terminate(), PRESENCE_PING_MS + PRESENCE_PING_TIMEOUT_MS);
  }

  #lost(): void {
    clearTimeout(this.#watchdog);
    if (this.#isOnline) this.#events.offline();
    this.#isOnline = false;
    if (this.#isFrozen) return;
    this.#failures += 1;
    const told = this.#retryAfterMs;
    this.#retryAfterMs = undefined;
    const untold = Math.random() * Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.#failures - 1));
    const waitMs = told === undefined ? untold : told * (1 + OVER_TOLD * Math.random());
    setTimeout(() => this.connect(this.#url), waitMs);
  }
}
