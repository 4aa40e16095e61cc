import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileWindowsProgram } from '../../../../tools/windows/compile-windows-program.ts';
import { startWineMachine, type WineMachine } from '../../../../tools/windows/wine-machine.ts';
import type { WinePrefix, WineRun } from '../../../../tools/windows/wine-prefix.ts';
import type { WineProcess } from '../../../../tools/windows/wine-process.ts';
import { buildLauncher } from '../../build.mjs';
import { makePack, type PackFile } from './make-pack.ts';

const PROGRAMS = fileURLToPath(new URL('../programs/', import.meta.url));

/** A Windows with a screen, the program as it is built, and an agent that only pretends. */
export class LauncherStage {
  readonly program: Buffer;
  readonly agent: Buffer;
  readonly wine: WinePrefix;
  readonly #machine: WineMachine;
  #evidenceTaken = 0;

  private constructor(machine: WineMachine, program: Buffer, agent: Buffer) {
    this.#machine = machine;
    this.wine = machine.wine;
    this.program = program;
    this.agent = agent;
  }

  static async start(): Promise<LauncherStage> {
    const { ui } = await buildLauncher();
    const agent = await compileWindowsProgram(join(PROGRAMS, 'fake-agent.c'));
    const machine = await startWineMachine({ width: 800, height: 600 });
    return new LauncherStage(machine, readFileSync(ui), readFileSync(agent));
  }

  get display(): string {
    return this.#machine.desktop.display;
  }

  /** `%LOCALAPPDATA%\GuruConnect` on this computer. */
  get userData(): string {
    return join(this.#home, 'AppData', 'Local', 'GuruConnect');
  }

  get downloads(): string {
    return join(this.#home, 'Downloads');
  }

  get #home(): string {
    const users = join(this.wine.driveC, 'users');
    return join(users, readdirSync(users).find((name) => name !== 'Public') ?? '');
  }

  /** A pack whose agent behaves so, with more files. */
  pack(behaviour: string, more: readonly PackFile[] = []): Buffer {
    const main = { name: 'main.mjs', bytes: Buffer.from(behaviour) };
    return makePack([{ name: 'node.exe', bytes: this.agent }, main, ...more], 2);
  }

  /** Puts a program where browsers put it, and starts it. */
  startDownloaded(
    name: string,
    bytes: Uint8Array,
    args: readonly string[] = [],
    run: WineRun = {},
  ): WineProcess {
    mkdirSync(this.downloads, { recursive: true });
    const path = join(this.downloads, name);
    writeFileSync(path, bytes);
    return this.wine.start(path, args, run);
  }

  /** Uses windows by `window-tool`; rejects with all windows there are when it finds none. */
  async window(...words: string[]): Promise<string> {
    return this.wine.runOrFail(await compileWindowsProgram(join(PROGRAMS, 'window-tool.c')), words);
  }

  /** What agents noted since this was asked last, line by line. */
  takeEvidence(): string[] {
    const file = join(this.wine.driveC, 'evidence', 'agent.log');
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean).slice(this.#evidenceTaken);
    this.#evidenceTaken += lines.length;
    return lines;
  }

  /** The program's own log; empty when it is gone. */
  get log(): string {
    const file = join(this.userData, 'launcher.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  close(): Promise<void> {
    return this.#machine.close();
  }
}
