import { createSocket } from 'node:dgram';
import net from 'node:net';
import tls from 'node:tls';
import type { IceUrl } from './ice-url.ts';
import { readStunAnswer, STUN_HEADER_BYTES, type StunAnswer, stunMessageBytes } from './stun-message.ts';

/** One way to a STUN or TURN server. */
export interface StunLine {
  /** Sends a request and resolves with its answer; rejects when none comes in time. One at a time. */
  ask(request: Buffer): Promise<StunAnswer>;
  close(): void;
}

export interface StunLineOptions {
  /** PEM of all authorities to trust; undefined: node's own list. */
  readonly ca: readonly string[] | undefined;
  /** For connecting, and for each answer. */
  readonly timeoutMs: number;
}

/** UDP loses packets: a request is sent again after so many ms. */
const RESEND_MS = [0, 300, 900, 2_100, 4_500];

/** Rejects when the server cannot be reached at all. */
export async function openStunLine(url: IceUrl, options: StunLineOptions): Promise<StunLine> {
  return url.over === 'UDP' ? openUdp(url, options) : openStream(url, options);
}

async function openUdp({ host, port }: IceUrl, { timeoutMs }: StunLineOptions): Promise<StunLine> {
  const socket = createSocket(net.isIPv6(host) ? 'udp6' : 'udp4');
  const waiting = new Waiting(timeoutMs);
  socket.on('error', (error) => waiting.fail(error));
  socket.on('message', (message) => waiting.take(message));
  const close = () => socket.close();
  try {
    // Connected: nobody else's packets are taken, and a refusal on the way is told.
    await waiting.until((done) => socket.connect(port, host, done as () => void));
  } catch (error) {
    close();
    throw error;
  }
  return {
    ask: async (request) => {
      const timers = RESEND_MS.map((ms) =>
        setTimeout(() => socket.send(request, (error) => error && waiting.fail(error)), ms),
      );
      return waiting.answerTo(request).finally(() => timers.forEach(clearTimeout));
    },
    close,
  };
}

async function openStream({ host, port, over }: IceUrl, options: StunLineOptions): Promise<StunLine> {
  const { ca, timeoutMs } = options;
  const waiting = new Waiting(timeoutMs);
  const servername = net.isIP(host) ? {} : { servername: host };
  const socket =
    over === 'TLS'
      ? tls.connect({ host, port, ...servername, ...(ca === undefined ? {} : { ca: [...ca] }) })
      : net.connect({ host, port });
  let received = Buffer.alloc(0);
  socket.on('error', (error) => waiting.fail(error));
  socket.on('close', () => waiting.fail(new Error('it closed the connection')));
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes]);
    while (received.length >= STUN_HEADER_BYTES) {
      const size = stunMessageBytes(received);
      if (size === undefined) return void socket.destroy(new Error('something else answers there'));
      if (received.length < size) return;
      waiting.take(received.subarray(0, size));
      received = received.subarray(size);
    }
  });
  const close = () => void socket.destroy();
  try {
    await waiting.until((done) => socket.once(over === 'TLS' ? 'secureConnect' : 'connect', done));
  } catch (error) {
    close();
    throw error;
  }
  return {
    ask: (request) => {
      socket.write(request);
      return waiting.answerTo(request);
    },
    close,
  };
}

/** Matches answers to the one request that is under way. */
class Waiting {
  readonly #timeoutMs: number;
  #transaction: Buffer | undefined;
  #resolve: ((answer: StunAnswer) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;
  #failure: Error | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  take(message: Buffer): void {
    const answer = readStunAnswer(message);
    if (answer && this.#transaction && answer.transaction.equals(this.#transaction)) this.#resolve?.(answer);
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#reject?.(error);
  }

  answerTo(request: Buffer): Promise<StunAnswer> {
    this.#transaction = request.subarray(8, STUN_HEADER_BYTES);
    return this.#wait((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** `done` may be given an error, as Node's sockets do for names that are not found. */
  until(begin: (done: (error?: unknown) => void) => void): Promise<void> {
    return this.#wait((resolve) =>
      begin((error) => (error instanceof Error ? this.fail(error) : resolve(undefined))),
    );
  }

  async #wait<T>(begin: (resolve: (value: T) => void) => void): Promise<T> {
    if (this.#failure) throw this.#failure;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#reject = reject;
        timer = setTimeout(() => reject(new Error('no answer')), this.#timeoutMs);
        begin(resolve);
      });
    } finally {
      clearTimeout(timer);
      this.#reject = undefined;
      this.#resolve = undefined;
    }
  }
}
