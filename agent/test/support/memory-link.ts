import {
  agentToServer,
  ask,
  type EventName,
  GuruError,
  type Handlers,
  handle,
  type Payload,
  type Reply,
  type RequestName,
  type SocketLike,
  serverToAgent,
  tell,
} from '@guruconnect/shared';
import { createMemorySockets } from '@guruconnect/shared/testing';
import type { LinkOwner, ServerLink } from '../../src/link/server-link.ts';

type Out = typeof agentToServer;
type In = typeof serverToAgent;
export type Told = { [N in EventName<Out>]: { name: N; payload: Payload<Out, N> } }[EventName<Out>];

/** The server's end of a link in one process: says what the test says, keeps what it was told. */
export class MemoryServer {
  readonly told: Told[] = [];
  readonly asked: { name: string; payload: unknown }[] = [];
  welcome: Reply<Out, 'agent:hello'>;
  link: MemoryLink | undefined;
  readonly #socket: SocketLike;
  readonly #agentSocket: SocketLike;

  constructor(welcome: Reply<Out, 'agent:hello'>) {
    this.welcome = welcome;
    [this.#socket, this.#agentSocket] = createMemorySockets();
    handle(this.#socket, agentToServer, this.#handlers(), (name, error) => {
      throw new Error(`the agent's ${name} was refused`, { cause: error });
    });
  }

  readonly open = (owner: LinkOwner): ServerLink => {
    this.link = new MemoryLink(this.#agentSocket, owner);
    return this.link;
  };

  tell<N extends EventName<In>>(name: N, payload: Payload<In, N>): void {
    tell(this.#socket, serverToAgent, name, payload);
  }

  ask<N extends RequestName<In>>(name: N, payload: Payload<In, N>): Promise<Reply<In, N>> {
    return ask(this.#socket, serverToAgent, name, payload);
  }

  /** Everything told under one name. */
  allTold<N extends EventName<Out>>(name: N): Payload<Out, N>[] {
    return this.told.filter((one) => one.name === name).map((one) => one.payload as Payload<Out, N>);
  }

  #handlers(): Handlers<Out> {
    const note = (name: EventName<Out>) => (payload: unknown) => {
      this.told.push({ name, payload } as Told);
    };
    const noteAsked = (name: string) => (payload: unknown) => {
      this.asked.push({ name, payload });
      return {};
    };
    return {
      'agent:hello': (payload) => {
        this.asked.push({ name: 'agent:hello', payload });
        return this.welcome;
      },
      'agent:beat': noteAsked('agent:beat'),
      'consent:answer': noteAsked('consent:answer'),
      'agent:stopped': noteAsked('agent:stopped'),
      'agent:displays': note('agent:displays'),
      'peer:offer': note('peer:offer'),
      'peer:candidate': note('peer:candidate'),
      'peer:state': note('peer:state'),
      'peer:renew': note('peer:renew'),
      'audit:report': note('audit:report'),
    };
  }
}

/** A link that goes up and down when the test says so. */
export class MemoryLink implements ServerLink {
  isUp = false;
  closed = false;
  reconnects = 0;
  readonly #socket: SocketLike;
  readonly #owner: LinkOwner;

  constructor(socket: SocketLike, owner: LinkOwner) {
    this.#socket = socket;
    this.#owner = owner;
    handle(socket, serverToAgent, owner.handlers, () => {});
  }

  async up(): Promise<void> {
    const welcome = await ask(this.#socket, agentToServer, 'agent:hello', this.#owner.hello());
    this.isUp = true;
    this.#owner.onUp(welcome);
  }

  down(): void {
    this.isUp = false;
    this.#owner.onDown();
  }

  refuse(reason: string): void {
    this.isUp = false;
    this.#owner.onRefused(reason);
  }

  tell<N extends EventName<Out>>(name: N, payload: Payload<Out, N>): void {
    if (this.isUp) tell(this.#socket, agentToServer, name, payload);
  }

  ask<N extends RequestName<Out>>(name: N, payload: Payload<Out, N>): Promise<Reply<Out, N>> {
    if (!this.isUp) return Promise.reject(new GuruError('unavailable', 'The link is down.'));
    return ask(this.#socket, agentToServer, name, payload);
  }

  reconnect(): void {
    this.reconnects += 1;
  }

  close(): void {
    this.closed = true;
    this.isUp = false;
  }
}
