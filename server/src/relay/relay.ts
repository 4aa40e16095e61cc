import type { Clock } from '../core/clock.ts';
import type { Log, RelayOffers } from '../core/ports.ts';
import { newToken } from '../core/secrets.ts';
import type { RelayConfig } from './relay-config.ts';
import { RelayProcess, type RelayTls } from './relay-process.ts';
import { signTicket } from './sign-ticket.ts';

export interface Relay extends RelayOffers {
  /** Starts what is to be started; does not wait for it. */
  start(tls: RelayTls | undefined): void;
  renew(tls: RelayTls): void;
  close(): Promise<void>;
}

export interface RelayDeps {
  /** Undefined: peers are not relayed. */
  readonly config: RelayConfig | undefined;
  /** Address that a relay of our own listens on. */
  readonly host: string;
  /** Entry of its process. */
  readonly entry: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Tickets for relays, and the relay beside this server when the configuration names no others. */
export function createRelay({ config, host, entry, clock, log }: RelayDeps): Relay {
  if (!config) return offersOf(() => undefined, [], clock);
  if (config.kind === 'others') {
    const { urls, secret } = config;
    let turn = 0;
    return offersOf(() => ({ url: urls[turn++ % urls.length] ?? '', secret }), urls, clock);
  }
  // Of this process alone: the relay begins and ends with it.
  const secret = newToken();
  const own = new RelayProcess({ entry, host, port: config.port, secret, clock, log });
  const urlNow = () => (own.port === undefined ? undefined : (config.url ?? `:${own.port}`));
  const choose = () => {
    const url = urlNow();
    return url ? { url, secret } : undefined;
  };
  return {
    ...offersOf(choose, [], clock),
    urls: () => [urlNow() ?? config.url ?? `:${config.port}`],
    // Plain only where this server is: on loopback.
    start: (tls) => own.start(tls),
    renew: (tls) => own.renew(tls),
    close: () => own.close(),
  };
}

function offersOf(
  choose: () => { url: string; secret: string } | undefined,
  urls: readonly string[],
  clock: Clock,
): Relay {
  return {
    offer: (peerId, origin) => {
      const relay = choose();
      return relay && { url: relay.url, ticket: signTicket(relay.secret, { peerId, origin }, clock.now()) };
    },
    urls: () => urls,
    start: () => undefined,
    renew: () => undefined,
    close: async () => undefined,
  };
}
