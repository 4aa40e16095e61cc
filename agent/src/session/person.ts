import type { AgentSessionView, EndReason } from '@guruconnect/shared';

/** The person at the machine: what they are shown. Their answers come in through the session host. */
export interface PersonAtMachine {
  /** Who takes part and who asks to; told whenever that changes. */
  sessionChanged(view: AgentSessionView): void;
  /** Whether the server can be reached; a session goes on without it for a while. */
  linkChanged(isUp: boolean): void;
  /**
   * A participant's viewer and this agent made sure that nobody is between them. If the person at the machine and the
   * technician read the same words, nobody is; each new connection has new ones.
   */
  securityWords(participantId: string, words: readonly string[]): void;
  /** null: the server does not know the session any more. */
  sessionEnded(reason: EndReason | null): void;
}
