import net from 'node:net';
import { GuruError } from '@guruconnect/shared';

/** Longest line, in characters. */
const MAX_LINE = 64 * 1024;
const CLOSE_MS = 300;

export interface LinePipeListener {
  /** One line, parsed; whether it makes sense is the listener's business. */
  onLine(value: unknown): void;
  /** The other end is gone, or said what is no JSON; told once, nothing follows. */
  onClosed(): void;
}

/** One end of a pipe that carries a JSON object a line. */
export class LinePipe {
  readonly #socket: net.Socket;
  readonly #listener: LinePipeListener;
  #rest = '';
  #isOver = false;

  constructor(socket: net.Socket, listener: LinePipeListener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#take(text));
    socket.on('error', () => this.#over());
    socket.on('close', () => this.#over());
  }

  send(value: object): void {
    if (!this.#isOver) this.#socket.write(`${JSON.stringify(value)}\n`);
  }

  /** Resolves when everything was sent, or soon if the other end does not take it; the listener is told nothing more. */
  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, CLOSE_MS);
      this.#socket.end(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.#socket.destroy();
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (this.#isOver) return;
      const value = line.length > MAX_LINE ? undefined : parseJson(line);
      if (value === undefined) {
        this.#socket.destroy();
        return;
      }
      this.#listener.onLine(value);
    }
    if (this.#rest.length > MAX_LINE) this.#socket.destroy();
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.onClosed();
  }
}

/** Connects to a named pipe (Windows) or a socket's path. Rejects with `unavailable` when nobody listens there. */
export async function connectLinePipe(path: string, listener: LinePipeListener): Promise<LinePipe> {
  const socket = net.connect(path);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (cause) =>
      reject(new GuruError('unavailable', 'The program that started this agent is gone.', { cause })),
    );
  });
  return new LinePipe(socket, listener);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
