import type { CommandExecutor, RunProgram } from './command-executor.ts';

/** Has the service program do it, which knows Safe Mode and has the right to restart. */
export function windowsCommands(serviceProgram: string, run: RunProgram): CommandExecutor {
  return {
    refusal: async () => undefined,
    carryOut: async (kind) => {
      await run(serviceProgram, ['--reboot', kind]);
    },
  };
}
