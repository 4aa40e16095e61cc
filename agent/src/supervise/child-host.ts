import { fork } from 'node:child_process';
import type { Log } from '../core/log.ts';
import type { HostEvent, OpenHost } from './host-messages.ts';

export interface ChildHostDeps {
  /** The script of the session host's process: `host-entry.ts`, or its bundle. */
  readonly entry: string;
  /** Node options; by default those of this process, so that a TypeScript loader is inherited. */
  readonly execArgv?: readonly string[];
  readonly log: Log;
}

/**
 * A session host in a process of its own. A crash there ends neither this process nor what it holds: the ticket, the
 * terminal and the person's questions. When this process dies, the host sees its channel close and ends.
 */
export function createChildHosts(deps: ChildHostDeps): OpenHost {
  return (listener) => {
    const child = fork(deps.entry, [], {
      serialization: 'advanced',
      // Its log goes where ours goes.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      ...(deps.execArgv === undefined ? {} : { execArgv: [...deps.execArgv] }),
    });
    deps.log.info({ pid: child.pid }, 'the session host starts');
    let over = false;
    const gone = (reason: string) => {
      if (over) return;
      over = true;
      listener.onGone(reason);
    };
    child.on('message', (event) => {
      // Our own process's words, over a private channel: no need to parse them.
      if (!over) listener.onEvent(event as HostEvent);
    });
    child.on('error', (error) => gone(error.message));
    child.on('exit', (code, signal) => gone(signal ? `ended by ${signal}` : `ended with code ${code}`));
    return {
      // Between its death and its `exit` event the channel is closed already; `onGone` follows.
      send: (command) => {
        if (child.connected) child.send(command, () => {});
      },
      kill: () => child.kill('SIGKILL'),
    };
  };
}
