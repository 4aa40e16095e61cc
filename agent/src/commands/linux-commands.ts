import type { MachineCommandKind } from '@guruconnect/shared';
import type { CommandExecutor, RunProgram } from './command-executor.ts';

const ARGUMENTS: Partial<Record<MachineCommandKind, readonly string[]>> = {
  normal: ['reboot'],
  // Twice: without asking programs, and without systemd itself taking part.
  emergency: ['reboot', '--force', '--force'],
};
const WINDOWS_ALONE = 'Safe Mode is a thing of Windows; this computer runs Linux.';
const NO_SYSTEMD = 'This computer has no systemd to restart it with.';

/** Restarts by systemd. */
export function linuxCommands(run: RunProgram): CommandExecutor {
  return {
    refusal: async (kind) => {
      if (ARGUMENTS[kind] === undefined) return WINDOWS_ALONE;
      return run('systemctl', ['--version']).then(
        () => undefined,
        () => NO_SYSTEMD,
      );
    },
    carryOut: async (kind) => {
      await run('systemctl', ARGUMENTS[kind] ?? []);
    },
  };
}
