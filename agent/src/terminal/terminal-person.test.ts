import type { AgentSessionView, Grant } from '@guruconnect/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Terminal } from './terminal.ts';
import { TerminalPerson } from './terminal-person.ts';

const TESS = '3f2b8a52-5f0e-4c57-9a3b-0d1c2e4f6a7b';
const ASKED: Grant = { status: 'asked', wants: 'control', since: 1 };

/** A terminal whose person types what the test says. */
class FakeTerminal implements Terminal {
  canAsk = true;
  readonly lines: string[] = [];
  readonly questions: { text: string; answer: (typed: string) => void; withdrawn: boolean }[] = [];

  print(line: string): void {
    this.lines.push(line);
  }

  ask(text: string, signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve) => {
      const question = { text, answer: resolve as (typed: string) => void, withdrawn: false };
      this.questions.push(question);
      signal.addEventListener('abort', () => {
        question.withdrawn = true;
        resolve(undefined);
      });
    });
  }
}

let terminal: FakeTerminal;
let answers: unknown[];
let person: TerminalPerson;

beforeEach(() => {
  terminal = new FakeTerminal();
  answers = [];
  person = new TerminalPerson({ terminal, answer: async (...answer) => void answers.push(answer) });
});

function view(grant: Grant | undefined, more: Partial<AgentSessionView> = {}): AgentSessionView {
  const participants = grant ? [{ id: TESS, name: 'Tess', grant, hasControl: false }] : [];
  const sessionId = '9c1d7e30-42aa-4b6f-8f11-5a6b7c8d9e0f';
  return {
    sessionId,
    companyName: 'Example IT',
    consentRequired: true,
    consentTimeout: null,
    guestPanelOpen: false,
    participants,
    ...more,
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the person at the terminal', () => {
  it('is asked, and asked again until the answer is one', async () => {
    person.sessionChanged(view(ASKED));
    expect(terminal.lines).toEqual(['Tess asks to see and control this computer.']);
    terminal.questions[0]?.answer('what?');
    await turn();
    terminal.questions[1]?.answer('v');
    await turn();
    expect(answers).toEqual([[TESS, 'view']]);
  });

  it.each([
    ['y', ASKED, 'control'],
    ['N', ASKED, 'refuse'],
    ['yes', { status: 'asked', wants: 'view', since: 1 } as const, 'view'],
  ])('answers "%s"', async (typed, grant, answer) => {
    person.sessionChanged(view(grant));
    terminal.questions[0]?.answer(typed);
    await turn();
    expect(answers).toEqual([[TESS, answer]]);
  });

  it('is asked once for one wish', () => {
    person.sessionChanged(view(ASKED));
    person.sessionChanged(view(ASKED));
    expect(terminal.questions).toHaveLength(1);
    expect(terminal.lines).toHaveLength(1);
  });

  it.each([
    ['a guest panel is open', { guestPanelOpen: true }],
    ['no consent is needed', { consentRequired: false }],
  ])('is not asked when %s', (_why, more) => {
    person.sessionChanged(view(ASKED, more));
    expect(terminal.questions).toHaveLength(0);
  });

  it('is not asked where nobody can answer', () => {
    terminal.canAsk = false;
    person.sessionChanged(view(ASKED));
    expect(terminal.questions).toHaveLength(0);
  });

  it('is not asked any longer when the wish was answered elsewhere, withdrawn, or the session ended', async () => {
    person.sessionChanged(view(ASKED));
    person.sessionChanged(view({ status: 'allowed', capability: 'view', since: 2 }));
    person.sessionChanged(view(ASKED));
    person.sessionChanged(view(undefined));
    person.sessionChanged(view(ASKED));
    person.sessionEnded('technician-ended');
    expect(terminal.questions.map((one) => one.withdrawn)).toEqual([true, true, true]);
    await turn();
    expect(answers).toEqual([]);
  });

  it('reads who sees the computer, and when they are gone', () => {
    person.linkChanged(true);
    person.sessionChanged(view({ status: 'allowed', capability: 'view', since: 2 }));
    person.sessionChanged(view(undefined));
    person.linkChanged(false);
    person.linkChanged(true);
    person.sessionEnded('guest-stopped');
    expect(terminal.lines).toEqual([
      'Connected. Waiting for your technician. Press Ctrl-C at any time to stop.',
      'Tess can see this computer.',
      'Tess has left.',
      'The server cannot be reached; trying again. Press Ctrl-C to stop.',
      'The server is back.',
      'The session was stopped on the support page.',
    ]);
  });

  it('is told when the answer could not be sent', async () => {
    person = new TerminalPerson({ terminal, answer: () => Promise.reject(new Error('no server')) });
    person.sessionChanged(view(ASKED));
    terminal.questions[0]?.answer('y');
    await turn();
    expect(terminal.lines.at(-1)).toBe('The answer could not be sent: no server');
  });
});
