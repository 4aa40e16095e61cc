import { Id, MachineCommandKind, MachineCommandResult, Timestamp } from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { StateFolder } from '../state/state-folder.ts';

/** What this machine did with a command. */
export const KnownCommand = z.object({
  commandId: Id,
  kind: MachineCommandKind,
  expiresAt: Timestamp,
  result: MachineCommandResult,
  /** The server has the result. */
  isTold: z.boolean(),
  /** It was begun, or will never be. */
  isDone: z.boolean(),
});
export type KnownCommand = z.infer<typeof KnownCommand>;

const FILE = 'commands.json';
const Kept = z.object({ commands: z.array(KnownCommand) });
/** The server gives a command no longer than it is good for; so many are never good at once. */
const MAX_KEPT = 100;

/** Remembers commands over restarts, so that none is carried out twice. */
export class CommandLog {
  readonly #folder: StateFolder;

  constructor(folder: StateFolder) {
    this.#folder = folder;
  }

  async load(): Promise<readonly KnownCommand[]> {
    return (await this.#folder.read(FILE, Kept))?.commands ?? [];
  }

  async save(commands: readonly KnownCommand[]): Promise<void> {
    await this.#folder.write(FILE, { commands: commands.slice(-MAX_KEPT) });
  }
}
