import * as z from 'zod/mini';
import { fromWireError, GuruError, toWireError, WireError } from '../errors.ts';

/** A message that is told and not answered. */
export interface EventRow<P extends z.ZodMiniType = z.ZodMiniType> {
  readonly kind: 'event';
  readonly payload: P;
}
/** A message that is answered, with a value or an error. */
export interface RequestRow<
  P extends z.ZodMiniType = z.ZodMiniType,
  R extends z.ZodMiniType = z.ZodMiniType,
> {
  readonly kind: 'request';
  readonly payload: P;
  readonly reply: R;
}
/** All messages of one direction by name (`subject:verb`). */
export type MessageTable = Readonly<Record<string, EventRow | RequestRow>>;

export function event<P extends z.ZodMiniType>(payload: P): EventRow<P> {
  return { kind: 'event', payload };
}
export function request<P extends z.ZodMiniType, R extends z.ZodMiniType>(
  payload: P,
  reply: R,
): RequestRow<P, R> {
  return { kind: 'request', payload, reply };
}

type Names<T extends MessageTable, K extends 'event' | 'request'> = {
  [N in keyof T & string]: T[N]['kind'] extends K ? N : never;
}[keyof T & string];
export type EventName<T extends MessageTable> = Names<T, 'event'>;
export type RequestName<T extends MessageTable> = Names<T, 'request'>;
export type Payload<T extends MessageTable, N extends keyof T> = z.infer<T[N]['payload']>;
export type Reply<T extends MessageTable, N extends keyof T> =
  T[N] extends RequestRow<z.ZodMiniType, infer R> ? z.infer<R> : never;

/** One handler a row: leaving one out does not compile. Requests return their reply or throw GuruError. */
export type Handlers<T extends MessageTable> = {
  [N in keyof T & string]: T[N] extends RequestRow
    ? (payload: Payload<T, N>) => Reply<T, N> | Promise<Reply<T, N>>
    : (payload: Payload<T, N>) => void | Promise<void>;
};

const Envelope = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: WireError }),
]);

/** The least a transport must do; Socket.IO's sockets of both ends fit as they are. */
export interface SocketLike {
  emit(name: string, ...args: unknown[]): unknown;
  on(name: string, listener: (...args: unknown[]) => void): unknown;
  off(name: string, listener: (...args: unknown[]) => void): unknown;
  timeout(ms: number): {
    emit(name: string, payload: unknown, done: (error: unknown, reply: unknown) => void): unknown;
  };
}

/** Sends an event of the table. */
export function tell<T extends MessageTable, N extends EventName<T>>(
  socket: Pick<SocketLike, 'emit'>,
  _table: T,
  name: N,
  payload: Payload<T, N>,
): void {
  socket.emit(name, payload);
}

/**
 * Sends a request of the table and parses the answer.
 * Rejects with the other side's GuruError, or `unavailable` when no answer comes within `timeoutMs`.
 */
export function ask<T extends MessageTable, N extends RequestName<T>>(
  socket: Pick<SocketLike, 'timeout'>,
  table: T,
  name: N,
  payload: Payload<T, N>,
  timeoutMs = 10_000,
): Promise<Reply<T, N>> {
  const row = table[name];
  return new Promise((resolve, reject) => {
    socket.timeout(timeoutMs).emit(name, payload, (error, reply) => {
      if (error) return reject(new GuruError('unavailable', 'No answer came in time.', { cause: error }));
      const envelope = z.safeParse(Envelope, reply);
      if (!envelope.success)
        return reject(GuruError.invalid(`The answer to ${name} is malformed.`, envelope.error));
      if (!envelope.data.ok) return reject(fromWireError(envelope.data.error));
      if (row?.kind !== 'request') return reject(GuruError.invalid(`${name} has no answer.`));
      const value = z.safeParse(row.reply, envelope.data.value);
      if (!value.success)
        return reject(GuruError.invalid(`The answer to ${name} is malformed.`, value.error));
      resolve(value.data as Reply<T, N>);
    });
  });
}

/** Told of every message that was refused or failed: for logs and audit, never for the wire. */
export type OnFault = (name: string, error: unknown) => void;

/**
 * Registers a handler for each row of the table. Payloads are parsed first; a request with a bad payload
 * is answered `invalid-message`, an event with one is dropped; both are reported to `onFault`.
 * Returns a function that takes the handlers off again.
 */
export function handle<T extends MessageTable>(
  socket: Pick<SocketLike, 'on' | 'off'>,
  table: T,
  handlers: Handlers<T>,
  onFault: OnFault,
): () => void {
  const removals: (() => void)[] = [];
  for (const [name, row] of Object.entries(table)) {
    const handler = handlers[name] as (payload: unknown) => unknown;
    const listener = (...args: unknown[]) => {
      void answer(name, row, handler, args, onFault);
    };
    socket.on(name, listener);
    removals.push(() => socket.off(name, listener));
  }
  return () => {
    for (const remove of removals) remove();
  };
}

async function answer(
  name: string,
  row: EventRow | RequestRow,
  handler: (payload: unknown) => unknown,
  args: unknown[],
  onFault: OnFault,
): Promise<void> {
  const last = args.at(-1);
  const reply = typeof last === 'function' ? (last as (envelope: unknown) => void) : undefined;
  try {
    const payload = z.safeParse(row.payload, args[0]);
    if (!payload.success) throw GuruError.invalid(`The message ${name} is malformed.`, payload.error);
    if (row.kind === 'request' && !reply) throw GuruError.invalid(`${name} wants an acknowledgement.`);
    const value = await handler(payload.data);
    if (row.kind === 'request') reply?.({ ok: true, value: value ?? null });
    else reply?.({ ok: true, value: null });
  } catch (error) {
    reply?.({ ok: false, error: toWireError(error) });
    onFault(name, error);
  }
}
