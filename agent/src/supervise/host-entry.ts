import { systemClock } from '../core/clock.ts';
import { createLog, describeError } from '../core/log.ts';
import { osFamily } from '../machine/os-family.ts';
import { trustWindowsAuthorities } from '../machine/trust-authorities.ts';
import { type RunningSession, runSession } from '../session/run-session.ts';
import type { HostCommand, HostEvent } from './host-messages.ts';
import { remotePerson } from './remote-person.ts';
import { createHelperPrograms, createSessionDeps } from './session-deps.ts';

/** Main file of the session host's process; started by `child-host.ts`, which it speaks with over IPC. */
let session: RunningSession | undefined;
const helpers = createHelperPrograms();

function tell(event: HostEvent, done = () => {}): void {
  if (process.connected) process.send?.(event, undefined, undefined, done);
}

function take(command: HostCommand): void {
  switch (command.type) {
    case 'start':
      start(command);
      break;
    case 'stop':
      void session?.stop(command.reason);
      break;
    case 'answer': {
      const { call, participantId, answer } = command;
      const answered =
        session?.answerConsent(participantId, answer) ?? Promise.reject(new Error('Not begun.'));
      answered.then(
        () => tell({ type: 'answered', call, problem: null }),
        (error: unknown) => tell({ type: 'answered', call, problem: describeError(error) }),
      );
      break;
    }
  }
}

function start({ settings, machine, ticket }: Extract<HostCommand, { type: 'start' }>): void {
  const log = createLog(settings.logLevel, (line) => process.stderr.write(line), systemClock.now);
  for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
    // Started again with a clean state: nothing here can be trusted any more. The helper releases what is held.
    process.on(fault, (error: unknown) => {
      log.error({ error: describeError(error) }, 'the session host has a fault and ends');
      process.exit(1);
    });
  }
  if (osFamily() === 'windows' && settings.origin.startsWith('https:')) trustWindowsAuthorities();
  const person = remotePerson((told) => tell({ type: 'person', told }));
  const askSecureAttention = () => tell({ type: 'secure-attention' });
  const parts = { log, machine, person, helpers, askSecureAttention };
  session = runSession(createSessionDeps(settings, parts, ticket), ticket);
  void session.outcome.then((outcome) => tell({ type: 'over', outcome }, () => process.exit(0)));
}

process.on('message', (command) => take(command as HostCommand));
// The supervisor died: so does everything of the agent, at once; whoever starts it again goes on by its ticket.
process.on('disconnect', () => process.exit(1));
// A terminal and a shutdown send these to every process; the supervisor decides what follows, and in which order.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => {});
// Timers of ours do not keep the process alive; the channel to the supervisor does.
// A supervisor that died while this file was being loaded is told to nobody.
if (!process.connected) process.exit(1);
// Before it is told to begin, which for a spare process may be never: the helper takes as long to start as this did.
helpers.prepare();
