import type { SessionCode } from '@guruconnect/shared';
import type { PersonAtMachine } from '../session/person.ts';
import type { SupervisedSession } from '../supervise/supervised-session.ts';

/** Where a one-time agent meets the person at the machine: a terminal, or the window of the launcher that started it. */
export interface OneTimeFront {
  /** Aborted when nobody can see it any more. */
  readonly gone: AbortSignal | undefined;
  askCode(signal: AbortSignal): Promise<SessionCode>;
  /** The server did not take the code; undefined when there will be no other one. */
  askAnotherCode(refusal: string, signal: AbortSignal): Promise<SessionCode | undefined>;
  /** The server cannot be reached: whether to try again in a moment. */
  unreachable(problem: string): boolean;
  /** The technician must let this computer in. */
  waiting(): void;
  puzzle(): void;
  begins(companyName: string): void;
  newPerson(session: SupervisedSession, companyName: string): PersonAtMachine;
  crashed(): void;
  /** Ctrl-Alt-Del is wanted, which Windows takes from a service alone. */
  askSecureAttention(): void;
  /** Calls back when the person has had enough. */
  onStop(stop: () => void): void;
  /** The last word: everything is over, well or not. Resolves when it has been told. */
  over(outcome: 'ended' | 'failed', text: string): Promise<void>;
}
