import type {
  agentToServer,
  EventName,
  Handlers,
  Payload,
  Reply,
  RequestName,
  serverToAgent,
} from '@guruconnect/shared';

type Out = typeof agentToServer;

/** The session host's line to the server. It comes and goes; the owner is told and lives on. */
export interface ServerLink {
  readonly isUp: boolean;
  /** Told now, or dropped when the line is down: what matters is said again by `agent:hello`. */
  tell<N extends EventName<Out>>(name: N, payload: Payload<Out, N>): void;
  /** Rejects with `unavailable` when the line is down or no answer comes in time. */
  ask<N extends RequestName<Out>>(
    name: N,
    payload: Payload<Out, N>,
    timeoutMs?: number,
  ): Promise<Reply<Out, N>>;
  /** The network changed and the line is dead, or down already: makes a new one now. */
  reconnect(): void;
  close(): void;
}

/** What the link's owner brings. */
export interface LinkOwner {
  readonly handlers: Handlers<typeof serverToAgent>;
  hello(): Payload<Out, 'agent:hello'>;
  /** The server answered `agent:hello`: the line is up. */
  onUp(welcome: Reply<Out, 'agent:hello'>): void;
  onDown(): void;
  /** The token is not good (any more): the session is over. No further tries. */
  onRefused(reason: string): void;
  /** How long nobody has used the machine from afar; told with every beat. */
  idleMs(): number;
}

/** Starts connecting at once and keeps at it until `close` or refusal. */
export type OpenLink = (owner: LinkOwner) => ServerLink;
