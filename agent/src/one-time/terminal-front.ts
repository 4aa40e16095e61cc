import { GuruError, normalizeSessionCode } from '@guruconnect/shared';
import type { Terminal } from '../terminal/terminal.ts';
import { TerminalPerson } from '../terminal/terminal-person.ts';
import type { OneTimeFront } from './one-time-front.ts';

/** The person reads and answers in a terminal. */
export function terminalFront(terminal: Terminal): OneTimeFront {
  return {
    gone: undefined,
    askCode: async (signal) => {
      if (!terminal.canAsk) throw GuruError.invalid('Say the code from your technician: --code 847291');
      for (;;) {
        const typed = await terminal.ask('The six digits from your technician: ', signal);
        if (typed === undefined) throw GuruError.invalid('No code was given.');
        const code = normalizeSessionCode(typed);
        if (code !== undefined) return code;
        terminal.print('A code has six digits, as in 847 291.');
      }
    },
    askAnotherCode: async () => undefined,
    unreachable: () => false,
    waiting: () =>
      terminal.print('Waiting until your technician lets this computer in. Press Ctrl-C to stop.'),
    puzzle: () => terminal.print('The server is busy; this takes a few seconds.'),
    begins: (companyName) => terminal.print(`This is a support session with ${companyName}.`),
    newPerson: (session) =>
      new TerminalPerson({
        terminal,
        answer: (participantId, answer) => session.answerConsent(participantId, answer),
      }),
    crashed: () => terminal.print('The session was interrupted by a fault. It goes on in a moment.'),
    askSecureAttention: () => {},
    onStop: () => {},
    over: async (_outcome, text) => {
      // How a session ended was said when it did.
      if (text !== '') terminal.print(text);
    },
  };
}
