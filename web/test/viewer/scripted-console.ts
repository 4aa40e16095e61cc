import {
  type Capability,
  type consoleToServer,
  GuruError,
  type HandshakeReveal,
  type Payload,
  type SessionView,
  type serverToConsole,
} from '@guruconnect/shared';
import type { ConsoleConnection } from '../../src/lib/console-connection.ts';
import type { LiveState } from '../../src/lib/live-connection.ts';
import { LoopbackAgent } from './loopback-agent.ts';

type Incoming = typeof serverToConsole;

const SESSION_ID = '11111111-1111-4111-8111-111111111111';
const ME = '22222222-2222-4222-8222-222222222222';
const OTHER = '33333333-3333-4333-8333-333333333333';

/** The server of the harness: one session, whose every change the test makes itself. */
export class ScriptedConsole {
  readonly asked: { name: string; payload: unknown }[] = [];
  readonly agent: LoopbackAgent;
  view: SessionView;
  readonly technicians = [
    { userId: OTHER, name: 'Anna Berger', online: false },
    { userId: '55555555-5555-4555-8555-555555555555', name: 'Tess Ng', online: true },
  ];
  /** What consent does: `ask` leaves the participant waiting. */
  consent: 'ask' | Capability = 'control';
  #state: LiveState = { status: 'connecting' };
  readonly #watchers = new Set<() => void>();
  readonly #online = new Set<() => void>();
  readonly #listeners = new Map<string, Set<(payload: never) => void>>();
  #peers = 0;

  constructor(size: { width: number; height: number }) {
    this.view = sessionView();
    this.agent = new LoopbackAgent(
      SESSION_ID,
      {
        offer: (peerId, sdp, commit) =>
          this.emit('peer:offer', { peerId, sdp, ...(commit ? { commit } : {}) }),
        candidate: (peerId, candidate) => this.emit('peer:candidate', { peerId, candidate }),
      },
      size,
    );
  }

  readonly connection: ConsoleConnection = {
    getState: () => this.#state,
    subscribe: (watcher) => this.#add(this.#watchers, watcher),
    on: (name, listener) => {
      const known = this.#listeners.get(name) ?? new Set();
      this.#listeners.set(name, known);
      return this.#add(known, listener as (payload: never) => void);
    },
    onOnline: (listener) => {
      if (this.#state.status === 'online') listener();
      return this.#add(this.#online, listener);
    },
    ask: (async (name: keyof typeof consoleToServer, payload: unknown) => {
      this.asked.push({ name, payload });
      await Promise.resolve();
      return this.#answer(name, payload as never);
    }) as ConsoleConnection['ask'],
    tell: ((name: string, payload: never) => this.#hear(name, payload)) as ConsoleConnection['tell'],
    connect: () => this.setOnline(true),
    close: () => undefined,
  };

  setOnline(isOnline: boolean): void {
    this.#state = { status: isOnline ? 'online' : 'offline' };
    for (const watcher of [...this.#watchers]) watcher();
    if (isOnline) for (const listener of [...this.#online]) listener();
  }

  emit<N extends keyof Incoming & string>(name: N, payload: Payload<Incoming, N>): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(payload as never);
  }

  /** Changes the session and tells the viewer. */
  change(change: Partial<SessionView>): void {
    this.view = { ...this.view, ...change, version: this.view.version + 1 };
    this.emit('session:changed', this.view);
  }

  /** The person at the machine answers. */
  answerConsent(answer: Capability | 'refuse'): void {
    this.change({ participants: [participant(answer)] });
  }

  otherTakesControl(): void {
    const [me] = this.view.participants;
    const other = { ...participant('control'), id: OTHER, name: 'Anna Berger' };
    if (me) this.change({ participants: [{ ...me, hasControl: false }, other] });
    this.agent.say({ type: 'capabilities', capabilities: ['view'] });
  }

  /** As the API does it; `to` is one of those in {@link technicians}. */
  offerTo(name: string, note = ''): void {
    const to = this.technicians.find((one) => one.name === name);
    if (to) this.change({ transfer: { from: { userId: ME, name: 'Tom Weber' }, to, note, at: Date.now() } });
  }

  /** The other one takes over: the owner watches from now on. */
  acceptTransfer(): void {
    const { transfer, participants } = this.view;
    if (!transfer) return;
    const grant = { status: 'allowed', capability: 'view', since: Date.now() } as const;
    this.change({
      transfer: null,
      owner: { ...transfer.to, teamId: null },
      participants: [
        ...participants.map((one) => ({ ...one, hasControl: false, grant })),
        { ...participant('control'), id: OTHER, userId: OTHER, name: transfer.to.name },
      ],
      rights: { ...this.view.rights, control: false, transfer: false, end: false },
    });
    this.agent.say({ type: 'capabilities', capabilities: ['view'] });
  }

  /** Answers a call of the API. */
  call(name: string, body: { to?: string; note?: string; answer?: string } = {}): unknown {
    this.asked.push({ name, payload: body });
    switch (name) {
      case 'transferChoices':
        return { technicians: this.technicians };
      case 'offerTransfer':
        this.offerTo(this.technicians.find((one) => one.userId === body.to)?.name ?? '', body.note);
        return this.view;
      case 'answerTransfer':
        if (body.answer === 'accept') this.acceptTransfer();
        else this.change({ transfer: null });
        return this.view;
      default: {
        const ended = { phase: 'ended', openedAt: 1, endedAt: 2, reason: 'technician-ended' } as const;
        this.change({ lifecycle: ended });
        return this.view;
      }
    }
  }

  #answer(name: string, payload: { wants?: Capability; replaces?: string }): unknown {
    switch (name) {
      case 'sessions:watch':
        return { sessions: [this.view] };
      case 'session:join':
        if (!this.view.participants.some((one) => one.grant.status === 'allowed')) {
          this.view = { ...this.view, participants: [participant(this.consent)] };
        }
        return { participantId: ME, session: this.view };
      case 'peer:request': {
        if (this.view.endpoint.kind !== 'agent') throw new GuruError('endpoint-offline', 'It is away.');
        this.#peers += 1;
        const peerId = `44444444-4444-4444-8444-${String(this.#peers).padStart(12, '0')}`;
        void this.agent.open(peerId, payload.replaces);
        return { peerId, transport: { kind: 'webrtc', iceServers: [] } };
      }
      case 'session:pause':
      case 'session:resume':
        this.#pause(name === 'session:pause');
        return {};
      case 'control:take':
      case 'control:release':
        return this.#control(name === 'control:take');
      default:
        return {};
    }
  }

  #pause(isPaused: boolean): void {
    const since = Date.now();
    const grant = isPaused
      ? ({ status: 'paused', capability: 'control', since } as const)
      : ({ status: 'allowed', capability: 'control', since } as const);
    this.change({ participants: this.view.participants.map((one) => ({ ...one, grant })) });
  }

  #control(has: boolean): object {
    this.change({
      participants: this.view.participants.map((one) => ({ ...one, hasControl: has && one.id === ME })),
    });
    this.agent.say({ type: 'capabilities', capabilities: has ? ['view', 'control'] : ['view'] });
    return {};
  }

  #hear(
    name: string,
    payload: {
      peerId: string;
      sdp: string;
      reveal: HandshakeReveal;
      candidate: { candidate: string; mid: string };
    },
  ) {
    this.asked.push({ name, payload });
    if (name === 'peer:answer') this.agent.answer(payload.peerId, payload.sdp, payload.reveal);
    if (name === 'peer:candidate') this.agent.candidate(payload.peerId, payload.candidate);
    if (name === 'peer:close') this.agent.kill(payload.peerId);
  }

  #add<T>(set: Set<T>, item: T): () => void {
    set.add(item);
    return () => set.delete(item);
  }
}

function participant(consent: 'ask' | 'refuse' | Capability): SessionView['participants'][number] {
  const since = Date.now();
  return {
    id: ME,
    userId: ME,
    name: 'Tom Weber',
    connected: true,
    hasControl: consent === 'control',
    grant:
      consent === 'ask'
        ? { status: 'asked', wants: 'control', since }
        : consent === 'refuse'
          ? { status: 'refused', since }
          : { status: 'allowed', capability: consent, since },
  };
}

function sessionView(): SessionView {
  const now = Date.now();
  return {
    id: SESSION_ID,
    version: 1,
    code: '847291',
    codeExpiresAt: null,
    name: null,
    visibility: 'team',
    owner: { userId: ME, name: 'Tom Weber', teamId: null },
    origin: 'technician',
    machineId: null,
    consentPolicy: null,
    transfer: null,
    consentRequired: true,
    createdAt: now,
    lifecycle: { phase: 'open', openedAt: now },
    endpoint: { kind: 'agent', agentId: OTHER, since: now },
    guestPanelOpen: true,
    machine: null,
    endpointAddress: '203.0.113.7',
    participants: [],
    knocks: [],
    rights: {
      view: true,
      control: true,
      claim: false,
      admit: true,
      cancel: false,
      end: true,
      transfer: true,
    },
  };
}
