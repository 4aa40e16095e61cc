import type { MachineCommandResult, SignedMachineCommand } from '@guruconnect/shared';
import { describeError, type Log } from '../core/log.ts';
import type { CommandExecutor } from './command-executor.ts';
import type { CommandLog, KnownCommand } from './command-log.ts';
import { type CommandCheck, refusalOfCommand } from './verify-command.ts';

export interface MachineCommandsDeps {
  readonly commands: Pick<CommandLog, 'load' | 'save'>;
  readonly executor: CommandExecutor;
  readonly log: Log;
}

/**
 * Carries out what the server commands, each once: first it is written down, then the server is told that it was
 * accepted, and only then the machine goes down.
 */
export class MachineCommands {
  readonly #deps: MachineCommandsDeps;

  constructor(deps: MachineCommandsDeps) {
    this.#deps = deps;
  }

  /** What became of commands and the server has not heard yet. */
  async results(): Promise<MachineCommandResult[]> {
    const known = await this.#deps.commands.load();
    return known.filter((one) => !one.isTold).map((one) => one.result);
  }

  /** Takes what a check-in brought. Those that are known already are in hand. */
  async take(signed: readonly SignedMachineCommand[], check: CommandCheck): Promise<void> {
    const { commands, executor, log } = this.#deps;
    const known = await commands.load();
    const fresh: KnownCommand[] = [];
    for (const command of signed) {
      const { commandId, kind, expiresAt } = command;
      if ([...known, ...fresh].some((one) => one.commandId === commandId)) continue;
      const refusal = refusalOfCommand(command, check) ?? (await executor.refusal(kind));
      log.warn({ commandId, kind, refusal }, 'the server commands');
      const result: MachineCommandResult =
        refusal === undefined
          ? { commandId, outcome: 'accepted', reason: '' }
          : { commandId, outcome: 'refused', reason: refusal };
      fresh.push({ commandId, kind, expiresAt, result, isTold: false, isDone: refusal !== undefined });
    }
    if (fresh.length > 0) await commands.save([...known, ...fresh]);
  }

  /** The server has these results: what it knows to be accepted is carried out now. */
  async told(results: readonly MachineCommandResult[], serverTimeMs: number): Promise<void> {
    if (results.length === 0) return;
    const { commands } = this.#deps;
    const ids = new Set(results.map((one) => one.commandId));
    const known = (await commands.load()).map((one) =>
      ids.has(one.commandId) ? { ...one, isTold: true } : one,
    );
    const due = known.filter((one) => one.isTold && !one.isDone);
    // Written down before anything is done: whatever happens then, nothing happens twice.
    await commands.save(known.map((one) => (due.includes(one) ? { ...one, isDone: true } : one)));
    for (const command of due) {
      if (command.expiresAt > serverTimeMs) await this.#carryOut(command);
    }
  }

  async #carryOut({ commandId, kind }: KnownCommand): Promise<void> {
    const { commands, executor, log } = this.#deps;
    try {
      await executor.carryOut(kind);
    } catch (error) {
      log.error({ commandId, kind, error }, 'a command could not be carried out');
      const result: MachineCommandResult = {
        commandId,
        outcome: 'failed',
        reason: describeError(error).slice(0, 500),
      };
      const known = await commands.load();
      await commands.save(
        known.map((one) => (one.commandId === commandId ? { ...one, result, isTold: false } : one)),
      );
    }
  }
}
