import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach } from 'vitest';
import { type AgentOptions, startAgentProcess } from '../../tools/stack/agent-process.ts';
import { type ServiceOptions, startServiceProcess } from '../../tools/stack/always-on-agent.ts';
import { Cleanup } from '../../tools/stack/cleanup.ts';
import { type Desktop, type DesktopOptions, startDesktop } from '../../tools/stack/desktop.ts';
import type { ManagedProcess } from '../../tools/stack/managed-process.ts';
import { launchBrowser } from './launch-browser.ts';
import { createNamespace, type NetworkNamespace } from './network-namespace.ts';
import { PageWitness } from './page-witness.ts';
import { Stack, type StackOptions } from './stack.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** What the pages showed when the test failed, for the closing lines. */
    pages?: string;
  }
}

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Everything real that one test file runs on. What is started here is stopped in reverse order when the file is
 * done, whatever happened; after a test that failed, the end of each process's output and what the pages show are
 * printed.
 */
export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), 'guruconnect-e2e-'));
  readonly #cleanup = new Cleanup();
  readonly #processes: (() => ManagedProcess)[] = [];
  readonly #witness = new PageWitness();

  constructor() {
    this.#cleanup.defer(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  /** A server with its first administrator. */
  async startStack(options: StackOptions = {}): Promise<Stack> {
    const stack = await Stack.start(ROOT, options);
    this.#cleanup.defer(() => stack.close());
    this.#processes.push(() => stack.server.process);
    return stack;
  }

  async startDesktop(options: DesktopOptions): Promise<Desktop> {
    const desktop = await startDesktop(options);
    this.#cleanup.defer(() => desktop.close());
    this.#processes.push(() => desktop.xServer);
    return desktop;
  }

  /** The real agent; it has said hello to the server when this returns, unless `until` asks for something else. */
  async startAgent(options: Omit<AgentOptions, 'root'>): Promise<ManagedProcess> {
    const agent = await startAgentProcess({ root: ROOT, ...options });
    this.#cleanup.defer(() => agent.stop());
    this.#processes.push(() => agent);
    return agent;
  }

  /** The always-on agent of a machine that is enrolled; it is online when this returns. */
  async startService(options: Omit<ServiceOptions, 'root'>): Promise<ManagedProcess> {
    const service = await startServiceProcess({ root: ROOT, ...options });
    this.#cleanup.defer(() => service.stop());
    this.#processes.push(() => service);
    return service;
  }

  async launchBrowser(flags: readonly string[] = []): Promise<Browser> {
    const browser = await launchBrowser(flags);
    this.#cleanup.defer(() => browser.close());
    this.#witness.watch(browser);
    return browser;
  }

  /** A network of its own for an agent; see {@link createNamespace}. */
  async createNamespace(stack: Stack, furtherPorts: readonly number[] = []): Promise<NetworkNamespace> {
    const namespace = await createNamespace(stack.server.port, furtherPorts);
    this.#cleanup.defer(() => namespace.close());
    return namespace;
  }

  /** An empty folder that is removed with the stage. */
  newFolder(prefix: string): string {
    return mkdtempSync(join(this.folder, prefix));
  }

  /** Undoes something of the test's own together with the rest. */
  defer(task: () => unknown): void {
    this.#cleanup.defer(task);
  }

  printLogs(): void {
    for (const process of this.#processes) {
      const { name, output, isRunning } = process();
      const lines = output.trimEnd().split('\n').slice(-60).join('\n');
      console.error(`--- ${name} (${isRunning ? 'running' : 'ended'})\n${lines}`);
    }
  }

  /** What the pages show that are open; see {@link PageWitness}. */
  describePages(): Promise<string> {
    return this.#witness.report();
  }

  close(): Promise<void> {
    return this.#cleanup.run();
  }
}

/** The stage of this test file; call it once at the top of the file or of a `describe`. */
export function stageOfThisFile(): Stage {
  const stage = new Stage();
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    stage.printLogs();
    task.meta.pages = await stage.describePages();
    console.error(task.meta.pages);
  });
  afterAll(() => stage.close());
  return stage;
}
