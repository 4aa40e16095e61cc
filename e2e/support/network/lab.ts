import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { Cleanup } from '../../../tools/stack/cleanup.ts';
import { ManagedProcess } from '../../../tools/stack/managed-process.ts';
import { EXECUTABLE, launchBrowserBy } from '../launch-browser.ts';
import { EmulatedLink } from './link.ts';
import { cable, Namespace, removeStale } from './namespace.ts';
import { Router } from './router.ts';

const FORWARD = fileURLToPath(new URL('../forward.mjs', import.meta.url));
const PREFIX = 'gc-lab-';
let labs = 0;

/** The addresses of a lab; each lab has the same, since no packet leaves it. */
export const ADDRESS = {
  /** Server and TURN, reached from both sides. */
  server: '10.77.0.1',
  agent: '10.77.1.2',
  /** The agent's after {@link Lab.moveAgent}. */
  agentElsewhere: '10.77.3.2',
  viewer: '10.77.2.2',
  /** The viewer's after {@link Lab.moveViewer}. */
  viewerElsewhere: '10.77.4.2',
} as const;

export interface LabOptions {
  /** Puts a router before the agent and another before the viewer; without, both have addresses of the net. */
  readonly hasRouters?: boolean;
  /** The same seed loses the same packets again. */
  readonly seed?: number;
}

/**
 * Three networks that know nothing but one another: the agent's, the server's (the internet, so to speak), and the
 * viewer's. The agent's line to the server is an emulated one; all that goes between agent and viewer passes it.
 */
export class Lab {
  readonly server: Namespace;
  readonly agent: Namespace;
  readonly viewer: Namespace;
  /** `ab` is away from the agent. */
  readonly link: EmulatedLink;
  readonly routers: { readonly agent: Router; readonly viewer: Router } | undefined;
  /** The server's port, on 127.0.0.1 of each of the three and of the machine itself; its relay has the next one. */
  readonly port: number;
  readonly #cleanup: Cleanup;
  readonly #folder: string;
  /** Whose interface the line ends in on the agent's side: the agent's own or its router's. */
  readonly #edge: Namespace;

  private constructor(parts: {
    spaces: { server: Namespace; agent: Namespace; viewer: Namespace };
    edge: Namespace;
    link: EmulatedLink;
    routers: { agent: Router; viewer: Router } | undefined;
    port: number;
    cleanup: Cleanup;
    folder: string;
  }) {
    ({ server: this.server, agent: this.agent, viewer: this.viewer } = parts.spaces);
    this.link = parts.link;
    this.routers = parts.routers;
    this.port = parts.port;
    this.#edge = parts.edge;
    this.#cleanup = parts.cleanup;
    this.#folder = parts.folder;
  }

  /** What is made is undone again by {@link close}, and by this function itself when it fails. */
  static async create(options: LabOptions = {}): Promise<Lab> {
    await removeStale(PREFIX);
    labs += 1;
    const cleanup = new Cleanup();
    try {
      const folder = mkdtempSync(join(tmpdir(), PREFIX));
      cleanup.defer(() => rmSync(folder, { recursive: true, force: true }));
      const make = async (role: string) => {
        const namespace = await Namespace.create(`${PREFIX}${process.pid}-${labs}-${role}`);
        cleanup.defer(() => namespace.remove());
        return namespace;
      };
      const spaces = {
        server: await make('server'),
        agent: await make('agent'),
        viewer: await make('viewer'),
      };
      await spaces.server.ip('address', 'add', `${ADDRESS.server}/32`, 'dev', 'lo');
      await spaces.server.forwardPackets();
      const side = { cleanup, make, hub: spaces.server };
      const { edge, link, router: agent } = await joinAgent(side, spaces.agent, options);
      const viewer = await joinViewer(side, spaces.viewer, options);
      const routers = agent && viewer ? { agent, viewer } : undefined;
      const port = await openDoors(cleanup, folder, spaces);
      return new Lab({ spaces, edge, link, routers, port, cleanup, folder });
    } catch (error) {
      await cleanup.run();
      throw error;
    }
  }

  /** For the server that runs in here; see `StackOptions.place`. */
  get place() {
    return { port: this.port, wrap: this.server.inside };
  }

  /** A browser inside one of the networks. */
  async launchBrowser(where: Namespace, flags: readonly string[] = []): Promise<Browser> {
    const script = join(this.#folder, `chromium-in-${where.name}`);
    writeFileSync(script, `#!/bin/sh\nexec ip netns exec ${where.name} ${EXECUTABLE} "$@"\n`);
    chmodSync(script, 0o755);
    const browser = await launchBrowserBy(script, flags);
    this.#cleanup.defer(() => browser.close());
    return browser;
  }

  /** Starts a program in one of the networks; it is stopped with the lab at the latest. */
  run(where: Namespace, program: string, args: readonly string[]): ManagedProcess {
    const started = new ManagedProcess({ name: program, ...where.inside(program, args) });
    this.#cleanup.defer(() => started.stop(2_000));
    return started;
  }

  /** The agent's side gets another address, and the one that it had is no longer routed: from Wi-Fi to cable. */
  async moveAgent(): Promise<void> {
    const { agentElsewhere, agent } = ADDRESS;
    await this.#edge.ip('address', 'add', agentElsewhere, 'peer', '10.77.3.1', 'dev', 'link0');
    await this.#edge.ip('route', 'replace', 'default', 'dev', 'link0', 'src', agentElsewhere);
    await this.#edge.ip('address', 'delete', agent, 'peer', '10.77.1.1', 'dev', 'link0');
    await this.server.ip('route', 'delete', `${agent}/32`).catch(() => undefined);
    await this.server.ip('address', 'delete', '10.77.1.1', 'peer', agent, 'dev', 'link0');
    await this.server.ip('address', 'add', '10.77.3.1', 'peer', agentElsewhere, 'dev', 'link0');
  }

  /** The same for the viewer's side; without routers only. */
  async moveViewer(): Promise<void> {
    const { viewerElsewhere, viewer } = ADDRESS;
    await this.server.ip('address', 'add', '10.77.4.1/30', 'dev', 'viewer0');
    await this.viewer.ip('address', 'delete', `${viewer}/30`, 'dev', 'wan0');
    await this.viewer.ip('address', 'add', `${viewerElsewhere}/30`, 'dev', 'wan0');
    await this.viewer.ip('route', 'replace', 'default', 'via', '10.77.4.1');
    await this.server.ip('address', 'delete', '10.77.2.1/30', 'dev', 'viewer0');
  }

  close(): Promise<void> {
    return this.#cleanup.run();
  }
}

interface Side {
  readonly cleanup: Cleanup;
  readonly make: (role: string) => Promise<Namespace>;
  readonly hub: Namespace;
}

async function joinAgent(side: Side, agent: Namespace, options: LabOptions) {
  const edge = options.hasRouters ? await side.make('agent-router') : agent;
  const ends = {
    a: { namespace: edge.name, device: 'link0' },
    b: { namespace: side.hub.name, device: 'link0' },
  };
  const link = await EmulatedLink.start(ends.a, ends.b, options.seed);
  side.cleanup.defer(() => link.close());
  for (const [namespace, own, other] of [
    [edge, ADDRESS.agent, '10.77.1.1'],
    [side.hub, '10.77.1.1', ADDRESS.agent],
  ] as const) {
    await namespace.ip('address', 'add', own, 'peer', other, 'dev', 'link0');
    // The kernel's own queue must never be the bottleneck.
    await namespace.ip('link', 'set', 'link0', 'txqueuelen', '5000', 'up');
  }
  await edge.ip('route', 'add', 'default', 'dev', 'link0', 'src', ADDRESS.agent);
  const router = options.hasRouters ? await Router.install(edge, 'link0', agent, '192.168.11') : undefined;
  return { edge, link, router };
}

async function joinViewer(side: Side, viewer: Namespace, options: LabOptions) {
  const edge = options.hasRouters ? await side.make('viewer-router') : viewer;
  await cable(
    { namespace: side.hub, device: 'viewer0', address: '10.77.2.1/30' },
    { namespace: edge, device: 'wan0', address: `${ADDRESS.viewer}/30` },
  );
  await edge.ip('route', 'add', 'default', 'via', '10.77.2.1');
  return options.hasRouters ? Router.install(edge, 'wan0', viewer, '192.168.12') : undefined;
}

/**
 * Everybody reaches the server as 127.0.0.1, which browsers take for a safe origin. Between the machine and the lab
 * goes a Unix socket, so that no packet can.
 */
async function openDoors(
  cleanup: Cleanup,
  folder: string,
  spaces: { server: Namespace; agent: Namespace; viewer: Namespace },
): Promise<number> {
  const door = join(folder, 'server.sock');
  const open = async (where: Namespace | undefined, ...places: string[]) => {
    const command = { program: process.execPath, args: [FORWARD, ...places] };
    const wrapped = where ? where.inside(command.program, command.args) : command;
    const forwarder = new ManagedProcess({ name: 'forwarder', ...wrapped });
    cleanup.defer(() => forwarder.stop());
    return Number((await forwarder.waitFor(/listening (\d+)/))[1]);
  };
  const port = await open(undefined, '127.0.0.1:0', door);
  const [local, relay] = [`127.0.0.1:${port}`, `127.0.0.1:${port + 1}`];
  const [far, farRelay] = [`${ADDRESS.server}:${port}`, `${ADDRESS.server}:${port + 1}`];
  await Promise.all([
    open(spaces.server, door, local, far, local, farRelay, relay),
    open(spaces.agent, local, far, relay, farRelay),
    open(spaces.viewer, local, far, relay, farRelay),
  ]);
  return port;
}
