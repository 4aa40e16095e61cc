import type { PersonAtMachine } from './person.ts';

/** Tells the same person in several places, for example a window and a terminal. */
export function tellInAll(places: readonly PersonAtMachine[]): PersonAtMachine {
  const all = (tell: (place: PersonAtMachine) => void) => {
    for (const place of places) tell(place);
  };
  return {
    sessionChanged: (view) => all((place) => place.sessionChanged(view)),
    linkChanged: (isUp) => all((place) => place.linkChanged(isUp)),
    securityWords: (participantId, words) => all((place) => place.securityWords(participantId, words)),
    sessionEnded: (reason) => all((place) => place.sessionEnded(reason)),
  };
}
