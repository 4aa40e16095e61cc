import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { newIdentityKey } from '../secure/identity-key.ts';
import { replaceFile } from '../state/replace-file.ts';
import { SessionTicket } from './presence.ts';

/** Agents of before had no key of their own. */
const KeptTicket = z.extend(SessionTicket, { identityKey: z.optional(z.string()) });

/** Keeps a session's ticket on disk, so that an agent that was killed goes on in its session. */
export class TicketStore {
  readonly #file: string;
  readonly #dir: string;

  /** One ticket per server and code; neither can be read from the file's name. */
  constructor(options: { dir: string; origin: string; code: string }) {
    const name = createHash('sha256').update(`${options.origin}\n${options.code}`).digest('hex').slice(0, 32);
    this.#dir = options.dir;
    this.#file = path.join(options.dir, `session-${name}.json`);
  }

  /** The ticket kept, undefined when there is none or the file is damaged. */
  async load(): Promise<SessionTicket | undefined> {
    try {
      const parsed = z.safeParse(KeptTicket, JSON.parse(await readFile(this.#file, 'utf8')));
      if (!parsed.success) return undefined;
      const { identityKey, ...kept } = parsed.data;
      if (identityKey !== undefined) return { ...kept, identityKey };
      const ticket = { ...kept, identityKey: newIdentityKey() };
      await this.save(ticket);
      return ticket;
    } catch (error) {
      if (error instanceof SyntaxError || isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Readable by this user alone; replaced as a whole, so that a crash leaves the old or the new one. */
  async save(ticket: SessionTicket): Promise<void> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    const fresh = `${this.#file}.${process.pid}`;
    await writeFile(fresh, JSON.stringify(ticket), { mode: 0o600 });
    await replaceFile(fresh, this.#file);
  }

  async remove(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
