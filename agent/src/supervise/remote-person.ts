import type { PersonAtMachine } from '../session/person.ts';
import type { PersonCall } from './host-messages.ts';

/** The person at the machine as the session host sees them: everything told goes to the supervisor's process. */
export function remotePerson(tell: (call: PersonCall) => void): PersonAtMachine {
  return {
    sessionChanged: (...args) => tell({ method: 'sessionChanged', args }),
    linkChanged: (...args) => tell({ method: 'linkChanged', args }),
    securityWords: (...args) => tell({ method: 'securityWords', args }),
    sessionEnded: (...args) => tell({ method: 'sessionEnded', args }),
  };
}

/** The other end of {@link remotePerson}. */
export function tellPerson(person: PersonAtMachine, { method, args }: PersonCall): void {
  // The compiler does not see that `args` belong to `method`; the type of the call says so.
  const told = person[method] as (...args: PersonCall['args']) => void;
  told.apply(person, args);
}
