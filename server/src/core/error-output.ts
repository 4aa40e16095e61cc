import type { Readable } from 'node:stream';
import * as z from 'zod/mini';
import type { Clock } from './clock.ts';
import type { Log } from './ports.ts';

const LogLine = z.looseObject({ level: z.enum(['info', 'warn', 'error']), msg: z.string() });

/** The lines of one crash come at once; after this there is none to wait for. */
const PAUSE_MS = 200;
const MOST_CHARACTERS = 4_000;

/**
 * Brings what a child process writes to its error output into our log: its own log lines as entries of ours, and
 * anything else, such as the many lines of a crash, as one entry.
 */
export function followErrorOutput(
  stream: Readable,
  {
    name,
    clock,
    log,
  }: { name: string; clock: Pick<Clock, 'after'>; log: Pick<Log, 'info' | 'warn' | 'error'> },
): void {
  let unfinished = '';
  let other = '';
  let cancelFlush = () => {};
  const flush = () => {
    cancelFlush();
    const text = other.trim();
    other = '';
    if (text !== '') log.error({ text: text.slice(0, MOST_CHARACTERS) }, `${name} wrote to its error output`);
  };
  const take = (line: string) => {
    const entry = readLogLine(line);
    if (entry) {
      const { level, msg, time: _, ...fields } = entry;
      log[level](fields, msg);
    } else if (other.length < MOST_CHARACTERS) other += `${line}\n`;
  };
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (unfinished + text).split('\n');
    unfinished = (lines.pop() ?? '').slice(-MOST_CHARACTERS);
    for (const line of lines) take(line);
    cancelFlush();
    cancelFlush = clock.after(PAUSE_MS, flush);
  });
  stream.on('end', () => {
    take(unfinished);
    flush();
  });
}

function readLogLine(line: string): z.infer<typeof LogLine> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed = z.safeParse(LogLine, JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
