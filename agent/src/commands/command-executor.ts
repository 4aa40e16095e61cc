import type { MachineCommandKind } from '@guruconnect/shared';

/** Does to this machine what a command says. */
export interface CommandExecutor {
  /** Why such a command cannot be carried out here, as one sentence; undefined when it can. */
  refusal(kind: MachineCommandKind): Promise<string | undefined>;
  /** Resolves once it is on its way. Rejects with the reason when it is not. */
  carryOut(kind: MachineCommandKind): Promise<void>;
}

/** Runs a program to its end. Rejects when it cannot be started or fails. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<unknown>;
