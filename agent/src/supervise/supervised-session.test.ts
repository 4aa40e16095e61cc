import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { MACHINE } from '../../test/support/start-session.ts';
import { silentLog } from '../core/log.ts';
import type { HostCommand, HostListener } from './host-messages.ts';
import { SupervisedSession } from './supervised-session.ts';

const TICKET = {
  sessionId: randomUUID(),
  sessionToken: 't',
  companyName: 'Acme',
  serverPublicKey: 'k',
  identityKey: 'i',
};
const SETTINGS = {
  origin: 'http://127.0.0.1',
  ca: undefined,
  display: ':1',
  bindAddress: undefined,
  windows: false,
  stateDir: '/tmp',
  logLevel: 'off',
} as const;

/** A process that does what the test says. */
class ScriptedHost {
  readonly heard: HostCommand[] = [];
  killed = false;
  readonly listener: HostListener;
  constructor(listener: HostListener) {
    this.listener = listener;
  }
  crash(): void {
    this.listener.onGone('ended by SIGKILL');
  }
}

function supervise() {
  const clock = new FakeClock();
  const hosts: ScriptedHost[] = [];
  const told: unknown[] = [];
  const outcomes: string[] = [];
  let crashes = 0;
  const session = new SupervisedSession(
    {
      clock,
      log: silentLog,
      settings: SETTINGS,
      machine: MACHINE,
      openHost: (listener) => {
        const host = new ScriptedHost(listener);
        hosts.push(host);
        return {
          send: (command) => host.heard.push(command),
          kill: () => {
            host.killed = true;
            listener.onGone('ended by SIGKILL');
          },
        };
      },
      person: () => ({
        sessionChanged: (view) => told.push(view),
        linkChanged: (isUp) => told.push(isUp),
        securityWords: (_participant, words) => told.push(words),
        sessionEnded: (reason) => told.push(reason),
      }),
      onCrash: () => {
        crashes += 1;
      },
    },
    TICKET,
  );
  void session.outcome.then((outcome) => outcomes.push(outcome));
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const newest = () => hosts.at(-1) as ScriptedHost;
  return { clock, hosts, told, outcomes, session, settle, newest, crashes: () => crashes };
}

describe('a session in a process of its own', () => {
  it('is started with the ticket, and its word is brought to the person', () => {
    const { newest, told } = supervise();
    expect(newest().heard).toEqual([{ type: 'start', settings: SETTINGS, machine: MACHINE, ticket: TICKET }]);
    newest().listener.onEvent({ type: 'person', told: { method: 'linkChanged', args: [true] } });
    newest().listener.onEvent({ type: 'person', told: { method: 'securityWords', args: ['p', ['a', 'b']] } });
    expect(told).toEqual([true, ['a', 'b']]);
  });

  it('is started again with the same ticket when its process crashes', async () => {
    const { clock, hosts, newest, settle, outcomes, crashes } = supervise();
    newest().crash();
    clock.advance(1);
    expect(hosts).toHaveLength(2);
    expect(newest().heard[0]).toMatchObject({ type: 'start', ticket: TICKET });
    expect(crashes()).toBe(1);
    await settle();
    expect(outcomes).toEqual([]);
  });

  it('is given up when it crashes again and again', async () => {
    const { clock, hosts, newest, settle, outcomes } = supervise();
    for (let crash = 0; crash < 6; crash += 1) {
      newest().crash();
      clock.advance(5_000);
    }
    await settle();
    expect(hosts).toHaveLength(6);
    expect(outcomes).toEqual(['failed']);
  });

  it('is over when its process said so and ended, and is not started again', async () => {
    const { clock, hosts, newest, settle, outcomes } = supervise();
    newest().listener.onEvent({ type: 'over', outcome: 'refused' });
    newest().listener.onGone('ended with code 0');
    clock.advance(10_000);
    await settle();
    expect(outcomes).toEqual(['refused']);
    expect(hosts).toHaveLength(1);
  });

  it('stops by its own word, and by force when the process hangs', async () => {
    const { clock, newest, session, settle, outcomes } = supervise();
    const stopped = session.stop('agent-stopped');
    expect(newest().heard.at(-1)).toEqual({ type: 'stop', reason: 'agent-stopped' });
    await settle();
    expect(outcomes).toEqual([]);
    clock.advance(800);
    await stopped;
    expect(newest().killed).toBe(true);
    expect(outcomes).toEqual(['ended']);
  });

  it('goes on with another token in a new process at once, which is no crash', () => {
    const { hosts, newest, session, crashes } = supervise();
    session.replaceTicket({ ...TICKET, sessionToken: 'other' });
    expect(hosts[0]?.killed).toBe(true);
    expect(hosts).toHaveLength(2);
    expect(newest().heard[0]).toMatchObject({ type: 'start', ticket: { sessionToken: 'other' } });
    expect(crashes()).toBe(0);
  });

  it('takes another token while it waits to be started again', () => {
    const { clock, hosts, newest, session } = supervise();
    newest().crash();
    session.replaceTicket({ ...TICKET, sessionToken: 'other' });
    clock.advance(1_000);
    expect(hosts).toHaveLength(2);
    expect(newest().heard[0]).toMatchObject({ ticket: { sessionToken: 'other' } });
  });

  it('stops while it waits to be started again', async () => {
    const { clock, hosts, newest, session } = supervise();
    newest().crash();
    await session.stop('agent-stopped');
    clock.advance(10_000);
    expect(hosts).toHaveLength(1);
    expect(await session.outcome).toBe('ended');
  });

  it('brings an answer to the host, and tells when it could not be given', async () => {
    const { newest, session } = supervise();
    const given = session.answerConsent('p1', 'view');
    expect(newest().heard.at(-1)).toEqual({ type: 'answer', call: 0, participantId: 'p1', answer: 'view' });
    newest().listener.onEvent({ type: 'answered', call: 0, problem: null });
    await given;
    const refused = session.answerConsent('p1', 'control');
    newest().listener.onEvent({ type: 'answered', call: 1, problem: 'Nobody is waiting for this answer.' });
    await expect(refused).rejects.toThrow('Nobody is waiting');
    const lost = session.answerConsent('p1', 'view');
    newest().crash();
    await expect(lost).rejects.toThrow('ended meanwhile');
    await expect(session.answerConsent('p1', 'view')).rejects.toThrow('started again');
  });
});
