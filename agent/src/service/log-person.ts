import type { Log } from '../core/log.ts';
import type { PersonAtMachine } from '../session/person.ts';

/** Nobody reads the service's terminal: what a person there would be told goes to the log. */
export function logPerson(log: Log): PersonAtMachine {
  let before = '';
  return {
    sessionChanged: ({ participants }) => {
      const who = participants.map(({ name, grant, hasControl }) => ({
        name,
        grant: grant.status,
        hasControl,
      }));
      const now = JSON.stringify(who);
      if (now !== before) log.info({ participants: who }, 'who takes part in the session');
      before = now;
    },
    linkChanged: (isUp) =>
      log.info({}, isUp ? 'the session is connected to the server' : 'the session lost the server'),
    securityWords: () => {},
    sessionEnded: (reason) => log.info({ reason }, 'the session is over'),
  };
}
