import * as z from 'zod/mini';
import type { PathMemory } from './path-policy.ts';

const KEY = 'guruconnect.relayed-sessions';
const KEPT = 20;
const Sessions = z.array(z.string());

/** Remembers the sessions of this browser that needed a relay, the last few of them. */
export function createPathMemory(
  sessionId: string,
  storage: Pick<Storage, 'getItem' | 'setItem'>,
): PathMemory {
  return {
    get wantsRelay() {
      return read(storage).includes(sessionId);
    },
    note: (wantsRelay) => {
      const known = read(storage);
      if (known.includes(sessionId) === wantsRelay) return;
      const others = known.filter((one) => one !== sessionId);
      try {
        storage.setItem(KEY, JSON.stringify(wantsRelay ? [sessionId, ...others].slice(0, KEPT) : others));
      } catch {
        // A full or forbidden storage costs the next visit three seconds.
      }
    },
  };
}

function read(storage: Pick<Storage, 'getItem'>): readonly string[] {
  try {
    const kept = z.safeParse(Sessions, JSON.parse(storage.getItem(KEY) ?? '[]'));
    return kept.success ? kept.data : [];
  } catch {
    return [];
  }
}
