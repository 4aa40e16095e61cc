import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileWindowsProgram } from './compile-windows-program.ts';
import { type PrefixProcess, processesOf } from './prefix-processes.ts';
import { toLocalPath, toWindowsPath } from './windows-paths.ts';
import { wineEnvironment } from './wine-environment.ts';
import { WineProcess } from './wine-process.ts';
import { parseRegistryFile, type RegistryValue, type RegistryValues } from './wine-registry.ts';
import { copyPrefix, stopWine, wineTemplate } from './wine-template.ts';

const PROGRAMS = join(dirname(fileURLToPath(import.meta.url)), 'programs');
const DEFAULT_TIMEOUT_MS = 120_000;

export interface WineOptions {
  /** Of an X server; without it, programs run that show nothing. */
  readonly display?: string;
  /** For every program of the prefix, in addition. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface WineRun {
  /** In addition to the prefix's. */
  readonly env?: Readonly<Record<string, string>>;
  /** A path of this computer; the prefix's drive C by default. */
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

export interface WineResult {
  /** The lowest 8 bits of what the program returned; null when it was killed. */
  readonly code: number | null;
  /** Both streams. */
  readonly output: string;
}

/** A fresh Windows 10 of its own, as far as Wine can be one: drive, registry, services, processes. */
export class WinePrefix {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;
  #outputs = 0;

  /** Use {@link WinePrefix.create}. */
  constructor(folder: string, options: WineOptions) {
    this.folder = folder;
    const display: Record<string, string> = options.display === undefined ? {} : { DISPLAY: options.display };
    this.#env = wineEnvironment(folder, { ...display, ...options.env });
  }

  /** Makes a prefix as a copy of the cached template, in a folder of its own that {@link close} removes. */
  static async create(options: WineOptions = {}): Promise<WinePrefix> {
    const template = await wineTemplate();
    const folder = mkdtempSync(join(tmpdir(), 'guruconnect-wine-'));
    try {
      copyPrefix(template, folder);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    return new WinePrefix(folder, options);
  }

  get driveC(): string {
    return join(this.folder, 'drive_c');
  }

  /** The path of this computer for a Windows path. */
  local(windowsPath: string): string {
    return toLocalPath(this.folder, windowsPath);
  }

  /** The Windows path for a path of this computer. */
  windows(localPath: string): string {
    return toWindowsPath(this.folder, localPath);
  }

  /** Starts a program and does not wait for it. It ends with the prefix at the latest. */
  start(program: string, args: readonly string[] = [], options: WineRun = {}): WineProcess {
    this.#outputs += 1;
    const name = basename(program.replaceAll('\\', '/'));
    return new WineProcess({
      program,
      args,
      env: { ...this.#env, ...options.env },
      cwd: options.cwd ?? this.driveC,
      outputFile: join(this.folder, 'outputs', `${this.#outputs}-${name}.log`),
    });
  }

  /** Runs a program to its end, whatever it returns. Rejects when it runs for longer than the time-out. */
  async run(program: string, args: readonly string[] = [], options: WineRun = {}): Promise<WineResult> {
    const process = this.start(program, args, options);
    const limit = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      void process.kill();
    }, limit);
    const { code } = await process.ended;
    clearTimeout(timer);
    if (isLate) throw new Error(`${program} had not ended after ${limit} ms. It printed:\n${process.output}`);
    return { code, output: process.output };
  }

  /** As {@link run}, for what must return 0: rejects with the output otherwise. */
  async runOrFail(program: string, args: readonly string[] = [], options: WineRun = {}): Promise<string> {
    const { code, output } = await this.run(program, args, options);
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} returned ${code}:\n${output}`);
    return output;
  }

  /** Compiles one of `tools/windows/programs` or another C file and starts it. */
  async startProgram(
    source: string,
    args: readonly string[] = [],
    options: WineRun = {},
  ): Promise<WineProcess> {
    return this.start(await compileWindowsProgram(sourceOf(source)), args, options);
  }

  /** Compiles one of `tools/windows/programs` or another C file and runs it to its end. */
  async runProgram(source: string, args: readonly string[] = [], options: WineRun = {}): Promise<WineResult> {
    return this.run(await compileWindowsProgram(sourceOf(source)), args, options);
  }

  /**
   * Keeps services alive: Wine stops them a second or two after the last ordinary program has ended. Services that
   * start by themselves have been started when this resolves. Kill what it returns to let the computer "shut down".
   */
  async keepAwake(): Promise<WineProcess> {
    const awake = await this.startProgram('keep-awake.c');
    await awake.waitFor(/awake/);
    return awake;
  }

  /** Makes Windows programs trust an authority, given as PEM. */
  async trust(certificatePem: string): Promise<void> {
    const file = join(this.driveC, 'authority.der');
    const base64 = certificatePem.replace(/-----[A-Z ]+-----|\s/g, '');
    writeFileSync(file, Buffer.from(base64, 'base64'));
    const { code, output } = await this.runProgram('add-root-certificate.c', [this.windows(file)]);
    rmSync(file);
    if (code !== 0) throw new Error(`The authority was not added: ${output}`);
  }

  /** Values of a key (`HKLM\Software\...`), or undefined when it does not exist. */
  async readKey(key: string): Promise<RegistryValues | undefined> {
    const file = join(this.driveC, 'exported.reg');
    rmSync(file, { force: true });
    const { code } = await this.run('reg', ['export', key, this.windows(file), '/y']);
    if (code !== 0) return undefined;
    const wanted = fullName(key).toLowerCase();
    const found = [...parseRegistryFile(readFileSync(file))].find(([name]) => name.toLowerCase() === wanted);
    // A key without values of its own is there all the same.
    return found?.[1] ?? new Map();
  }

  async readValue(key: string, name: string): Promise<RegistryValue | undefined> {
    return (await this.readKey(key))?.get(name);
  }

  /** Sets a text or a number (32 bits), and makes the key if need be. */
  async writeValue(key: string, name: string, value: string | number): Promise<void> {
    const type = typeof value === 'number' ? 'REG_DWORD' : 'REG_SZ';
    const which = name === '@' ? ['/ve'] : ['/v', name];
    await this.runOrFail('reg', ['add', key, ...which, '/t', type, '/d', String(value), '/f']);
  }

  /** Removes a key with all below it; it must exist. */
  async deleteKey(key: string): Promise<void> {
    await this.runOrFail('reg', ['delete', key, '/f']);
  }

  /** Every process of this prefix and of no other, with its id on this computer. */
  processes(): PrefixProcess[] {
    return processesOf(this.folder);
  }

  /** Its processes with this file name, in any case, for example `node.exe`. */
  processesNamed(name: string): PrefixProcess[] {
    const shown = name.slice(0, 15).toLowerCase();
    return this.processes().filter((process) => process.name.toLowerCase() === shown);
  }

  /** Ends everything that runs in it, as if the plug were pulled; drive and registry stay. */
  async stop(): Promise<void> {
    await stopWine(this.folder);
    // Whoever has lost its server ends by itself; one that hangs in a call to Linux does not notice.
    for (const { pid } of this.processes()) killIfThere(pid);
  }

  /** Ends everything that runs in it and removes it. */
  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function sourceOf(source: string): string {
  return source.includes('/') ? source : join(PROGRAMS, source);
}

const HIVES: Readonly<Record<string, string>> = {
  HKLM: 'HKEY_LOCAL_MACHINE',
  HKCU: 'HKEY_CURRENT_USER',
  HKCR: 'HKEY_CLASSES_ROOT',
  HKU: 'HKEY_USERS',
};

function fullName(key: string): string {
  const [hive = '', ...path] = key.split('\\');
  return [HIVES[hive.toUpperCase()] ?? hive, ...path].join('\\');
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
