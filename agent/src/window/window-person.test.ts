import type { AgentSessionView } from '@guruconnect/shared';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../core/log.ts';
import type { Panel, PanelListener } from './panel.ts';
import { WindowPerson } from './window-person.ts';

type Participant = AgentSessionView['participants'][number];

const ANNA = '11111111-1111-4111-8111-111111111111';
const BEN = '22222222-2222-4222-8222-222222222222';

let panel: Panel | undefined;
let listener: PanelListener;
let remotePressAgoMs: number;
const answer = vi.fn<(id: string, answer: string) => Promise<void>>();
const stop = vi.fn();
let person: WindowPerson;

beforeEach(() => {
  panel = undefined;
  remotePressAgoMs = Number.POSITIVE_INFINITY;
  answer.mockReset().mockResolvedValue();
  stop.mockReset();
  person = new WindowPerson({
    openWindow: (given) => {
      listener = given;
      return {
        show: (shown) => {
          panel = shown;
        },
        close: () => {
          panel = undefined;
        },
      };
    },
    answer,
    stop,
    remotePressAgoMs: () => remotePressAgoMs,
    log: silentLog,
  });
});

function view(participants: Participant[], more: Partial<AgentSessionView> = {}): AgentSessionView {
  return {
    sessionId: '33333333-3333-4333-8333-333333333333',
    companyName: 'Acme IT',
    consentRequired: true,
    consentTimeout: null,
    guestPanelOpen: false,
    participants,
    ...more,
  };
}
const asking = (id: string, name: string): Participant => ({
  id,
  name,
  grant: { status: 'asked', wants: 'control', since: 0 },
  hasControl: false,
});
const seeing = (id: string, name: string, hasControl = false): Participant => ({
  id,
  name,
  grant: { status: 'allowed', capability: 'control', since: 0 },
  hasControl,
});

describe('the window of the person at the machine', () => {
  it('asks about a technician while no guest panel is open', () => {
    person.sessionChanged(view([asking(ANNA, 'Anna')]));
    expect(panel?.title).toBe('Let Anna of Acme IT see and control this computer?');
    listener.onPressed('view');
    expect(answer).toHaveBeenCalledWith(ANNA, 'view');
    expect(panel).toBeUndefined();
  });

  it('leaves the question to the guest panel', () => {
    person.sessionChanged(view([asking(ANNA, 'Anna')], { guestPanelOpen: true }));
    expect(panel).toBeUndefined();
  });

  it('does not let a technician answer from afar', () => {
    person.sessionChanged(view([seeing(BEN, 'Ben', true), asking(ANNA, 'Anna')]));
    remotePressAgoMs = 20;
    listener.onPressed('control');
    expect(answer).not.toHaveBeenCalled();
    expect(panel?.kind).toBe('question');
  });

  it('asks again when the answer did not reach the server', async () => {
    answer.mockRejectedValue(new Error('offline'));
    person.sessionChanged(view([asking(ANNA, 'Anna')]));
    listener.onPressed('control');
    await vi.waitFor(() => expect(panel?.kind).toBe('question'));
  });

  it('says who sees and who controls this computer, with the safety words and Stop', () => {
    person.sessionChanged(view([seeing(ANNA, 'Anna', true)]));
    person.securityWords(ANNA, ['amber', 'falcon', 'mosaic']);
    expect(panel).toMatchObject({
      kind: 'banner',
      title: 'Anna can see and control this computer',
      lines: ['Acme IT', 'Safety words: amber falcon mosaic'],
    });
    person.sessionChanged(view([seeing(ANNA, 'Anna', true), seeing(BEN, 'Ben')]));
    expect(panel?.title).toBe('Anna and Ben can see this computer, Anna controls it');
    listener.onPressed('stop');
    expect(stop).toHaveBeenCalledOnce();
  });

  it('counts down what happens without an answer, of that question alone', () => {
    person.sessionChanged(view([asking(ANNA, 'Anna')]));
    person.countdown({ participantId: ANNA, secondsLeft: 12, otherwise: 'allow' });
    expect(panel?.lines.at(-1)).toBe('Without an answer this is allowed in 12 s.');
    person.countdown({ participantId: ANNA, secondsLeft: 11, otherwise: 'refuse' });
    expect(panel?.lines.at(-1)).toBe('Without an answer this is refused in 11 s.');
    person.countdown({ participantId: BEN, secondsLeft: 10, otherwise: 'refuse' });
    expect(panel?.lines).toHaveLength(1);
    person.countdown(undefined);
    expect(panel?.lines).toHaveLength(1);
  });

  it('says who is paused, and has Stop while somebody may come back', () => {
    const paused = (id: string, name: string): Participant => ({
      id,
      name,
      grant: { status: 'paused', capability: 'control', since: 0 },
      hasControl: false,
    });
    person.sessionChanged(view([seeing(ANNA, 'Anna', true), paused(BEN, 'Ben')]));
    expect(panel?.title).toBe('Anna can see and control this computer');
    expect(panel?.lines).toEqual(['Acme IT', 'Ben is paused and sees nothing']);
    person.sessionChanged(view([paused(ANNA, 'Anna'), paused(BEN, 'Ben')]));
    expect(panel).toMatchObject({
      kind: 'banner',
      title: 'Anna and Ben are paused and see nothing',
      lines: ['Acme IT'],
    });
    listener.onPressed('stop');
    expect(stop).toHaveBeenCalledOnce();
  });

  it('shows the name of the technician that the session was passed on to', () => {
    person.sessionChanged(view([seeing(ANNA, 'Anna', true)]));
    person.sessionChanged(view([seeing(BEN, 'Ben', true)]));
    expect(panel?.title).toBe('Ben can see and control this computer');
  });

  it('shows nothing when nobody sees this computer any more', () => {
    person.sessionChanged(view([seeing(ANNA, 'Anna')]));
    person.sessionChanged(view([]));
    expect(panel).toBeUndefined();
  });
});
