import { freemem } from 'node:os';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { SpareProgram } from '../core/spare-program.ts';
import type { HostCommand, HostEvent, OpenHost } from './host-messages.ts';

export interface ChildHostDeps {
  /** The script of the session host's process: `host-entry.ts`, or its bundle. */
  readonly entry: string;
  /** Node options; by default those of this process, so that a TypeScript loader is inherited. */
  readonly execArgv?: readonly string[];
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
}

/** The first picture comes first; only then the next host is started, for the case that this one crashes. */
const SPARE_AFTER_MS = 4_000;
/** One that nobody wants after a host is gone is let go: the session is over, or given up. */
const SPARE_KEPT_MS = 10_000;
/** A spare host and its helper take some 30 MB: a machine that has little does without. */
const SPARE_NEEDS_BYTES = 200 * 1024 * 1024;

/**
 * A session host in a process of its own. A crash there ends neither this process nor what it holds: the ticket, the
 * terminal and the person's questions. When this process dies, the host sees its channel close and ends.
 * While one runs, a spare one stands by: to start one takes a third of the time until the picture is back.
 */
export function createChildHosts({ entry, execArgv, clock, log }: ChildHostDeps): OpenHost {
  // Its log goes where ours goes.
  const programs = new SpareProgram<HostCommand, HostEvent>({ entry, execArgv, errorOutput: 'inherit' });
  let cancelPlan = () => {};
  const plan = (ms: number, task: () => void) => {
    cancelPlan();
    cancelPlan = clock.after(ms, task);
  };
  const letSpareGo = () => {
    cancelPlan();
    programs.discard();
  };
  return (listener) => {
    const child = programs.take();
    log.info({ pid: child.pid }, 'the session host starts');
    plan(SPARE_AFTER_MS, () => {
      if (freemem() > SPARE_NEEDS_BYTES) programs.prepare();
    });
    child.listen({
      onMessage: (event) => {
        if (event.type === 'over') letSpareGo();
        listener.onEvent(event);
      },
      onGone: (reason) => {
        plan(SPARE_KEPT_MS, () => programs.discard());
        listener.onGone(reason);
      },
    });
    return {
      send: (command) => {
        if (command.type === 'stop') letSpareGo();
        child.send(command);
      },
      kill: () => {
        letSpareGo();
        child.kill();
      },
    };
  };
}
