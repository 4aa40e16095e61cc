import { GuruError, type Handlers, handle, type MessageTable, toWireError } from '@guruconnect/shared';
import type { Socket, Server as SocketServer } from 'socket.io';
import type { Clock } from '../core/clock.ts';
import type { AuditEvent, Log } from '../core/ports.ts';
import { TokenBucket, type TokenBucketOptions } from '../core/token-bucket.ts';
import { Refusals } from './refusals.ts';

/** What a socket says about itself before it is let in. */
export interface Handshake {
  /** What the client sent along; not parsed yet. */
  readonly auth: unknown;
  readonly cookie: string | undefined;
  readonly origin: string | undefined;
  readonly address: string;
}

/** What one connection answers. */
export interface Connection<T extends MessageTable> {
  readonly handlers: Handlers<T>;
  /** Called for each message that arrives, before it is looked at. */
  readonly heard?: () => void;
  readonly disconnected: () => void;
}

export interface NamespaceOptions<T extends MessageTable, C> {
  readonly io: SocketServer;
  readonly name: string;
  readonly table: T;
  readonly limit: TokenBucketOptions;
  readonly clock: Clock;
  readonly log: Log;
  readonly record: (event: AuditEvent) => void;
  readonly addressOf: (request: Socket['request']) => string;
  /** Decides who the socket is; throws GuruError to refuse, which the client gets as `error.data`. */
  readonly admit: (handshake: Handshake) => Promise<C>;
  readonly describe: (context: C) => { actor: string; sessionId?: string | undefined };
  readonly connected: (socket: Socket, context: C, address: string) => Connection<T>;
}

/**
 * Opens a Socket.IO namespace whose messages are the rows of one table: everybody is admitted first, every message
 * is counted, unknown names are refused, payloads are parsed.
 */
export function openNamespace<T extends MessageTable, C>(options: NamespaceOptions<T, C>): void {
  const namespace = options.io.of(options.name);
  const admitted = new WeakMap<Socket, C>();
  namespace.use((socket, next) => {
    const { headers } = socket.request;
    const handshake: Handshake = {
      auth: socket.handshake.auth,
      cookie: headers.cookie,
      origin: headers.origin,
      address: options.addressOf(socket.request),
    };
    options.admit(handshake).then(
      (context) => {
        admitted.set(socket, context);
        next();
      },
      (error: unknown) => {
        if (!(error instanceof GuruError))
          options.log.error({ err: error }, 'a socket could not be admitted');
        const wire = toWireError(error);
        next(Object.assign(new Error(wire.message), { data: wire }));
      },
    );
  });
  namespace.on('connection', (socket) => {
    const context = admitted.get(socket);
    if (context === undefined) socket.disconnect(true);
    else serve(options, socket, context);
  });
}

function serve<T extends MessageTable, C>(options: NamespaceOptions<T, C>, socket: Socket, context: C): void {
  const address = options.addressOf(socket.request);
  const refusals = new Refusals({
    namespace: options.name,
    address,
    ...options.describe(context),
    log: options.log,
    record: options.record,
    disconnect: () => socket.disconnect(true),
  });
  const connection = options.connected(socket, context, address);
  const budget = new TokenBucket(options.limit, options.clock.now());
  socket.use(([name, ...args], next) => {
    if (!budget.take(options.clock.now())) return refusals.flooded();
    connection.heard?.();
    if (typeof name === 'string' && Object.hasOwn(options.table, name)) return next();
    const error = GuruError.invalid('There is no such message.');
    refusals.onFault(String(name), error);
    const reply: unknown = args.at(-1);
    if (typeof reply === 'function') reply({ ok: false, error: toWireError(error) });
  });
  const takeOff = handle(socket, options.table, connection.handlers, refusals.onFault);
  socket.on('disconnect', () => {
    takeOff();
    connection.disconnected();
  });
}
