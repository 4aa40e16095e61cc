import { OpaqueToken, SessionCode } from '@guruconnect/shared';
import { type infer as Infer, literal, nullable, object, safeParse, union } from 'zod/mini';

/** This tab's place in a session, or its knock at the door; kept so that a reload goes on. */
export const GuestSeat = union([
  object({ kind: literal('guest'), token: OpaqueToken, code: nullable(SessionCode) }),
  object({ kind: literal('knock'), token: OpaqueToken, code: nullable(SessionCode) }),
]);
export type GuestSeat = Infer<typeof GuestSeat>;

export interface SeatStore {
  load(): GuestSeat | undefined;
  save(seat: GuestSeat): void;
  clear(): void;
}

const KEY = 'guruconnect.guest';

/** Kept in the tab's own storage: another tab of the same browser is another guest. */
export function createSeatStore(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): SeatStore {
  return {
    load: () => {
      const parsed = safeParse(GuestSeat, parseJson(storage.getItem(KEY)));
      return parsed.success ? parsed.data : undefined;
    },
    save: (seat) => storage.setItem(KEY, JSON.stringify(seat)),
    clear: () => storage.removeItem(KEY),
  };
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    // Somebody else's value: as good as none.
    return undefined;
  }
}
