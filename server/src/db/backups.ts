import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/ports.ts';
import type { DatabaseHandle } from './database.ts';

export interface BackupOptions {
  readonly database: DatabaseHandle;
  readonly clock: Clock;
  readonly log: Log;
  readonly directory: string;
  /** Days that a backup is kept; 0: none are made. */
  readonly keepDays: number;
}

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** Local hour after which the night's backup is made. */
const NIGHT_HOUR = 3;
const NAME = /^guruconnect-(\d{4}-\d{2}-\d{2})\.tar\.gz$/;

/** Backs the embedded database up once a night; returns a function that stops it. Does nothing for PostgreSQL. */
export function scheduleBackups(options: BackupOptions): () => void {
  if (options.keepDays === 0 || !options.database.backUp) return () => undefined;
  return options.clock.every(HOUR_MS, () => {
    if (new Date(options.clock.now()).getHours() < NIGHT_HOUR) return;
    backUpOnceADay(options).catch((error) => options.log.error({ err: error }, 'the nightly backup failed'));
  });
}

/** Makes today's backup unless there is one, and deletes those that are too old. */
export async function backUpOnceADay(options: BackupOptions): Promise<void> {
  const { database, clock, log, directory } = options;
  const name = `guruconnect-${new Date(clock.now()).toISOString().slice(0, 10)}.tar.gz`;
  const present: string[] = await readdir(directory).catch(() => []);
  if (!database.backUp || present.includes(name)) return;
  await database.backUp(join(directory, name));
  log.info({ name }, 'database backed up');
  const keptSince = clock.now() - options.keepDays * DAY_MS;
  for (const file of present) {
    const day = NAME.exec(file)?.[1];
    // The name says the day on which it was made; it counts until that day's end.
    if (day !== undefined && Date.parse(day) + DAY_MS <= keptSince) await rm(join(directory, file));
  }
}
