import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A network namespace by its name, and what can be done in it. Needs root. */
export class Namespace {
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** A new one in which nothing but its own loopback is up, and no IPv6. */
  static async create(name: string): Promise<Namespace> {
    await ip('netns', 'add', name);
    const namespace = new Namespace(name);
    await namespace.ip('link', 'set', 'lo', 'up');
    // Neighbour discovery would be traffic that nobody asked for.
    await namespace.write('net/ipv6/conf/all/disable_ipv6', '1');
    await namespace.write('net/ipv6/conf/default/disable_ipv6', '1');
    return namespace;
  }

  /** Program and arguments that run a command inside. */
  readonly inside = (program: string, args: readonly string[]): { program: string; args: string[] } => ({
    program: 'ip',
    args: ['netns', 'exec', this.name, program, ...args],
  });

  /** Runs `ip` on this namespace. */
  async ip(...args: string[]): Promise<void> {
    await ip('-n', this.name, ...args);
  }

  /** Runs a command inside to its end and returns what it printed. */
  async run(program: string, ...args: string[]): Promise<string> {
    const command = this.inside(program, args);
    return (await run(command.program, command.args)).stdout;
  }

  /** Sets a value under `/proc/sys`. */
  async write(path: string, value: string): Promise<void> {
    await this.run('sh', '-c', `echo ${value} > /proc/sys/${path}`);
  }

  /** Lets it pass packets on between its interfaces. */
  forwardPackets(): Promise<void> {
    return this.write('net/ipv4/ip_forward', '1');
  }

  async remove(): Promise<void> {
    await ip('netns', 'delete', this.name);
  }
}

/** A cable between two namespaces with an address at each end, as `10.0.0.1/30`. */
export async function cable(
  a: { namespace: Namespace; device: string; address: string },
  b: { namespace: Namespace; device: string; address: string },
): Promise<void> {
  await a.namespace.ip(
    ...['link', 'add', a.device, 'type', 'veth'],
    ...['peer', 'name', b.device, 'netns', b.namespace.name],
  );
  for (const { namespace, device, address } of [a, b]) {
    await namespace.ip('address', 'add', address, 'dev', device);
    await namespace.ip('link', 'set', device, 'up');
  }
}

/** Removes namespaces named `<prefix><process id>-…` whose process is gone: a killed run could not. */
export async function removeStale(prefix: string): Promise<void> {
  const { stdout } = await run('ip', ['netns', 'list']);
  const names = stdout.split('\n').map((line) => line.split(' ')[0] ?? '');
  for (const name of names) {
    const pid = Number(name.startsWith(prefix) ? name.slice(prefix.length).split('-')[0] : Number.NaN);
    // Another run may be removing it as well.
    if (Number.isInteger(pid) && !isAlive(pid)) await ip('netns', 'delete', name).catch(() => undefined);
  }
}

function ip(...args: string[]) {
  return run('ip', args);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
