import { newIdentity, type WebIdentity } from './web-handshake.ts';

/** What this browser keeps to know itself and others again. */
export interface SecureStore {
  /** The key of this browser; made on first use. Rejects where the browser keeps nothing. */
  identity(): Promise<WebIdentity>;
  /** Thumbprint of the agent that was first met there; undefined when none was. */
  pinned(place: string): Promise<string | undefined>;
  /** Agents met there are expected to have this key from now on. */
  pin(place: string, keyThumbprint: string): Promise<void>;
}

interface Pin {
  readonly place: string;
  readonly key: string;
  readonly atMs: number;
}

const DATABASE = 'guruconnect-keys';
const IDENTITIES = 'identities';
const PINS = 'pins';
const OWN = 'browser';
/** Sessions are over by then. */
const FORGET_MS = 90 * 24 * 60 * 60_000;

/** A {@link SecureStore} in IndexedDB: one for all tabs of this browser at this origin. */
export class IndexedSecureStore implements SecureStore {
  readonly #now: () => number;
  #database: Promise<IDBDatabase> | undefined;
  #identity: Promise<WebIdentity> | undefined;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  identity(): Promise<WebIdentity> {
    this.#identity ??= this.#loadIdentity();
    // A failure (a full disk) is not kept.
    this.#identity.catch(() => {
      this.#identity = undefined;
    });
    return this.#identity;
  }

  async pinned(place: string): Promise<string | undefined> {
    const store = (await this.#open()).transaction(PINS).objectStore(PINS);
    const pin = (await done(store.get(place))) as Pin | undefined;
    return pin?.key;
  }

  async pin(place: string, key: string): Promise<void> {
    const store = (await this.#open()).transaction(PINS, 'readwrite').objectStore(PINS);
    const atMs = this.#now();
    await done(store.put({ place, key, atMs } satisfies Pin));
    const pins = (await done(store.getAll())) as Pin[];
    for (const old of pins) if (old.atMs < atMs - FORGET_MS) store.delete(old.place);
  }

  async #loadIdentity(): Promise<WebIdentity> {
    const database = await this.#open();
    const known = await readIdentity(database);
    if (known) return known;
    const made = await newIdentity();
    try {
      await done(database.transaction(IDENTITIES, 'readwrite').objectStore(IDENTITIES).add(made, OWN));
      return made;
    } catch (error) {
      // Another tab was faster: its key is the one.
      const theirs = await readIdentity(database);
      if (theirs) return theirs;
      throw error;
    }
  }

  #open(): Promise<IDBDatabase> {
    this.#database ??= openDatabase();
    this.#database.catch(() => {
      this.#database = undefined;
    });
    return this.#database;
  }
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore(IDENTITIES);
    request.result.createObjectStore(PINS, { keyPath: 'place' });
  });
  return done(request);
}

async function readIdentity(database: IDBDatabase): Promise<WebIdentity | undefined> {
  const store = database.transaction(IDENTITIES).objectStore(IDENTITIES);
  return (await done(store.get(OWN))) as WebIdentity | undefined;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}
