import type { MessageTable, Payload } from '@guruconnect/shared';
import type { Socket } from 'socket.io-client';
import { expect } from 'vitest';
import * as z from 'zod/mini';

const DEFAULT_WAIT_MS = 8_000;

interface Message {
  readonly name: string;
  readonly payload: unknown;
  readonly at: number;
}

/** Everything a socket was told, in order, parsed by the table; tests wait for what they expect. */
export interface Inbox<T extends MessageTable> {
  /** The first message of that name, past or to come, that fits. */
  next<N extends keyof T & string>(
    name: N,
    fits?: (payload: Payload<T, N>) => boolean,
    timeoutMs?: number,
  ): Promise<Payload<T, N>>;
  all<N extends keyof T & string>(name: N): Payload<T, N>[];
  /** Forgets what came so far. */
  clear(): void;
}

export function createInbox<T extends MessageTable>(socket: Socket, table: T): Inbox<T> {
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  socket.onAny((name: string, ...args: unknown[]) => {
    const row = table[name];
    if (!row) throw new Error(`The server sent ${name}, which the table does not have.`);
    messages.push({ name, payload: z.parse(row.payload, args[0]), at: Date.now() });
    for (const look of [...waiting]) look();
  });
  const find = <N extends keyof T & string>(name: N, fits: (payload: Payload<T, N>) => boolean) =>
    messages.find((one) => one.name === name && fits(one.payload as Payload<T, N>));
  return {
    next: (name, fits = () => true, timeoutMs = DEFAULT_WAIT_MS) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          const seen = messages.map((one) => one.name).join(', ');
          reject(new Error(`No fitting ${name} came within ${timeoutMs} ms; there were: ${seen || 'none'}`));
        }, timeoutMs);
        const look = () => {
          const found = find(name, fits);
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found.payload as Payload<T, typeof name>);
        };
        waiting.add(look);
        look();
      }),
    all: (name) =>
      messages.filter((one) => one.name === name).map((one) => one.payload as Payload<T, typeof name>),
    clear: () => void messages.splice(0),
  };
}

/** The error code a promise is refused with. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const outcome = await promise.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );
  expect(outcome).not.toBe('accepted');
  return outcome;
}
