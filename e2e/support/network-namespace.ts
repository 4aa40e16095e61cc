import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Cleanup } from '../../tools/stack/cleanup.ts';
import { ManagedProcess } from '../../tools/stack/managed-process.ts';

const run = promisify(execFile);
const FORWARD = fileURLToPath(new URL('forward.mjs', import.meta.url));

/** Why network namespaces cannot be used here; undefined when they can. */
export function namespacesUnavailable(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces exist on Linux only';
  return process.getuid?.() === 0 ? undefined : 'network namespaces need root';
}

/** A network of its own, joined to ours by one cable that can be cut. */
export interface NetworkNamespace {
  readonly name: string;
  /** Program and arguments that run a command inside. */
  inside(program: string, args: readonly string[]): { program: string; args: string[] };
  /** Pulls the cable: packets of both directions are lost, nobody is told. */
  cut(): Promise<void>;
  /** Puts it back; nothing happens when it was not pulled. */
  restore(): Promise<void>;
  /** Lets no UDP in or out, as some firewalls do, until it is allowed again. */
  blockUdp(): Promise<void>;
  allowUdp(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes a namespace in which `127.0.0.1:<serverPort>` is the server that listens there outside: its
 * connections, and all media, go over the cable. So do those to `furtherPorts`. Needs root.
 */
export async function createNamespace(
  serverPort: number,
  furtherPorts: readonly number[] = [],
): Promise<NetworkNamespace> {
  const cleanup = new Cleanup();
  // Unique among the runs of this machine, and short: interface names end at 15 characters.
  const number = process.pid % 16_000;
  const name = `gc-e2e-${number}`;
  const [cable, end] = [`gch${number}`, `gcn${number}`];
  const network = `10.${200 + (number >> 12)}.${(number >> 4) & 255}`;
  const ours = `${network}.${((number & 15) << 4) + 1}`;
  const theirs = `${network}.${((number & 15) << 4) + 2}`;
  const ip = (...args: string[]) => run('ip', args);
  try {
    await ip('netns', 'add', name);
    cleanup.defer(() => ip('netns', 'delete', name));
    await ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', end, 'netns', name);
    cleanup.defer(() => ip('link', 'delete', cable));
    await ip('address', 'add', `${ours}/28`, 'dev', cable);
    await ip('link', 'set', cable, 'up');
    await ip('-n', name, 'address', 'add', `${theirs}/28`, 'dev', end);
    await ip('-n', name, 'link', 'set', end, 'up');
    await ip('-n', name, 'link', 'set', 'lo', 'up');
    const enter = ['netns', 'exec', name, process.execPath];
    for (const port of [serverPort, ...furtherPorts]) {
      const [outside, inside] = [`${ours}:${port}`, `127.0.0.1:${port}`];
      await forward(cleanup, process.execPath, [FORWARD, outside, inside]);
      await forward(cleanup, 'ip', [...enter, FORWARD, inside, outside]);
    }
  } catch (error) {
    await cleanup.run();
    throw error;
  }
  // A queue that holds nothing loses every packet, and unlike an interface that is down it tells nobody.
  const eachEnd = async (verb: string[], queue: string[]) => {
    await run('tc', ['qdisc', ...verb, 'dev', cable, 'root', ...queue]);
    await run('tc', ['-n', name, 'qdisc', ...verb, 'dev', end, 'root', ...queue]);
  };
  const nft = async (command: string) => {
    await run('ip', ['netns', 'exec', name, 'nft', command]);
  };
  let isCut = false;
  return {
    name,
    inside: (program, args) => ({ program: 'ip', args: ['netns', 'exec', name, program, ...args] }),
    cut: async () => {
      isCut = true;
      await eachEnd(['replace'], ['pfifo', 'limit', '0']);
    },
    restore: async () => {
      if (!isCut) return;
      isCut = false;
      await eachEnd(['delete'], []);
    },
    blockUdp: async () => {
      await nft('add table inet guru');
      for (const hook of ['input', 'output']) {
        await nft(`add chain inet guru ${hook} { type filter hook ${hook} priority 0; }`);
        await nft(`add rule inet guru ${hook} meta l4proto udp drop`);
      }
    },
    allowUdp: () => nft('delete table inet guru'),
    close: () => cleanup.run(),
  };
}

async function forward(cleanup: Cleanup, program: string, args: string[]): Promise<void> {
  const forwarder = new ManagedProcess({ name: 'forwarder', program, args });
  cleanup.defer(() => forwarder.stop());
  await forwarder.waitFor(/listening/);
}
