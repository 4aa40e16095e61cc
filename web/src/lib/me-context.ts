import type { Actor, Me } from '@guruconnect/shared';
import { createContext, useContext } from 'react';

export const MeContext = createContext<Me | undefined>(undefined);

/** The signed-in person; present on every page behind the sign-in. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe needs a MeContext above it.');
  return me;
}

/** The same person as the permission function wants one. */
export function useActor(): Actor {
  const { userId, role, teamId } = useMe();
  return { userId, role, teamId };
}
