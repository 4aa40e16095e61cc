import { GuruError } from '@guruconnect/shared';
import { hash, verify } from '@node-rs/argon2';

/** OWASP's recommendation for argon2id, which is the library's default kind; about 80 ms a hash. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Hashing runs on the four threads that also read files; it may take half of them. */
const AT_ONCE = 2;
const MAX_WAITING = 100;

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Whether the password fits; with `undefined` (no such user) it takes the same time and says no. */
  verify(stored: string | undefined, password: string): Promise<boolean>;
}

/** Rejects with `unavailable` when far too many wait. */
export function createPasswords(): Passwords {
  const slots = createSlots(AT_ONCE, MAX_WAITING);
  let decoy: Promise<string> | undefined;
  return {
    hash: (password) => slots(() => hash(password, COST)),
    verify: (stored, password) =>
      slots(async () => {
        decoy ??= hash('nobody has this password', COST);
        const fits = await verify(stored ?? (await decoy), password);
        return stored !== undefined && fits;
      }),
  };
}

/** Lets `atOnce` tasks run and `maxWaiting` wait. */
function createSlots(atOnce: number, maxWaiting: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      if (waiting.length >= maxWaiting) {
        throw new GuruError('unavailable', 'The server is busy. Try again in a moment.');
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await task();
    } finally {
      // The place passes straight to the next one, so that nobody can slip in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
