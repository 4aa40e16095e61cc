import { readdirSync, readFileSync } from 'node:fs';

/** A process of a prefix, as Linux sees it. */
export interface PrefixProcess {
  readonly pid: number;
  /** File name, for example `services.exe`; Linux keeps 15 characters of it. */
  readonly name: string;
  readonly commandLine: string;
}

export interface ProcessMemory {
  /** Everything in memory, shared pages included, in bytes. */
  readonly residentBytes: number;
  /** What is in no file: heaps, stacks, written data, in bytes. */
  readonly anonymousBytes: number;
  /** What it has written and shares with nobody, in bytes. */
  readonly privateBytes: number;
}

/** All processes whose environment names this prefix: its Windows programs and Wine's own, server included. */
export function processesOf(prefix: string): PrefixProcess[] {
  const found: PrefixProcess[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const environment = readText(`/proc/${entry}/environ`)?.split('\0');
    if (!environment?.includes(`WINEPREFIX=${prefix}`)) continue;
    found.push({
      pid: Number(entry),
      name: readText(`/proc/${entry}/comm`)?.trim() ?? '',
      commandLine: (readText(`/proc/${entry}/cmdline`) ?? '').replaceAll('\0', ' ').trim(),
    });
  }
  return found;
}

/** Memory of a process that runs; throws when it is gone. */
export function memoryOf(pid: number): ProcessMemory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return {
    residentBytes: bytesIn(status, 'VmRSS'),
    anonymousBytes: bytesIn(status, 'RssAnon'),
    privateBytes: bytesIn(rollup, 'Private_Dirty'),
  };
}

function bytesIn(text: string, field: string): number {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  if (kilobytes === undefined) throw new Error(`The system says nothing of ${field}.`);
  return Number(kilobytes) * 1024;
}

/** Undefined for what has ended meanwhile and for what is not ours to read. */
function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
