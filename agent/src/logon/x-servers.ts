import type { MachineFiles } from '../inventory/machine-files.ts';

/** An X server that runs on this computer. */
export interface XServerProcess {
  /** `:0` */
  readonly display: string;
  readonly kind: 'x11' | 'xwayland';
  /** The file that it takes cookies from; empty when its command line has none. */
  readonly authFile: string;
}

/** A program that shows its windows on a display. */
export interface XClientProcess {
  readonly display: string;
  readonly uid: number;
  readonly authFile: string;
}

export interface XProcesses {
  readonly servers: readonly XServerProcess[];
  readonly clients: readonly XClientProcess[];
}

const SERVER = /^(Xorg(\.bin|\.wrap)?|X|Xvfb|Xvnc|Xtigervnc|Xwayland|Xephyr)$/;
/** Programs of the desktop have low numbers; more are never looked at. */
const MAX_PROCESSES = 5_000;

/** Looks through /proc for X servers and what is connected to them. Others' programs can be read by root alone. */
export async function readXProcesses(files: MachineFiles): Promise<XProcesses> {
  const servers: XServerProcess[] = [];
  const clients: XClientProcess[] = [];
  const pids = (await files.list('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const pid of pids.sort((a, b) => a - b).slice(0, MAX_PROCESSES)) {
    const args = (await files.text(`/proc/${pid}/cmdline`)).split('\0');
    const server = serverOf(args);
    if (server) {
      servers.push(server);
      continue;
    }
    if (args[0] === '') continue;
    const client = await clientOf(files, pid);
    if (client) clients.push(client);
  }
  return { servers, clients };
}

function serverOf(args: readonly string[]): XServerProcess | undefined {
  const name = args[0]?.split('/').at(-1)?.split(' ')[0] ?? '';
  if (!SERVER.test(name)) return undefined;
  const display = args.find((arg) => /^:\d+$/.test(arg)) ?? '';
  const auth = args.indexOf('-auth');
  return {
    display,
    kind: name === 'Xwayland' ? 'xwayland' : 'x11',
    authFile: auth === -1 ? '' : (args[auth + 1] ?? ''),
  };
}

async function clientOf(files: MachineFiles, pid: number): Promise<XClientProcess | undefined> {
  const variables = (await files.text(`/proc/${pid}/environ`)).split('\0');
  const value = (name: string) =>
    variables.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  const [, display] = /^(?:unix)?(:\d+)(?:\.\d+)?$/.exec(value('DISPLAY')) ?? [];
  if (display === undefined) return undefined;
  const owner = await files.stat(`/proc/${pid}`);
  return { display, uid: owner?.uid ?? 0, authFile: value('XAUTHORITY') };
}
