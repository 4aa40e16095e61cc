import type { SocketLike } from '../protocol/define.ts';

type Listener = (...args: unknown[]) => void;

/** Two joined sockets in one process for tests; values are cloned, as a wire would. */
export function createMemorySockets(): [SocketLike, SocketLike] {
  const left = new MemorySocket();
  const right = new MemorySocket();
  left.peer = right;
  right.peer = left;
  return [left, right];
}

class MemorySocket implements SocketLike {
  peer: MemorySocket | undefined;
  readonly #listeners = new Map<string, Set<Listener>>();

  emit(name: string, ...args: unknown[]): void {
    this.peer?.deliver(name, args.map(copy));
  }
  on(name: string, listener: Listener): void {
    const known = this.#listeners.get(name) ?? new Set();
    known.add(listener);
    this.#listeners.set(name, known);
  }
  off(name: string, listener: Listener): void {
    this.#listeners.get(name)?.delete(listener);
  }
  timeout(_ms: number) {
    return {
      emit: (name: string, payload: unknown, done: (error: unknown, reply: unknown) => void) => {
        this.peer?.deliver(name, [copy(payload), (reply: unknown) => done(null, copy(reply))]);
      },
    };
  }
  deliver(name: string, args: unknown[]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(...args);
  }
}

function copy(value: unknown): unknown {
  return typeof value === 'function' || value === undefined ? value : JSON.parse(JSON.stringify(value));
}
