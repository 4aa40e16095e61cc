import type { ApiBody, ApiReply, MachineCommandKind } from '@guruconnect/shared';
import type { ApiClient } from '../../lib/api-client.ts';
import { commandText, isOpen } from '../../lib/command-words.ts';
import type { Timing } from '../../lib/rtc/timing.ts';
import type { ViewerSession } from './viewer-session.ts';

const LOOK_MS = 2_000;

export interface MachineRestartDeps {
  readonly api: ApiClient;
  readonly timing: Pick<Timing, 'after'>;
  readonly session: Pick<ViewerSession, 'subscribe' | 'getSnapshot' | 'notify'>;
}

/** Restarts the machine of a session, and knows while it does so, until its picture is back (U6, U7). */
export class MachineRestart {
  readonly #deps: MachineRestartDeps;
  readonly #watchers = new Set<() => void>();
  readonly #stopFollowing: () => void;
  #kind: MachineCommandKind | undefined;
  #isDown = false;
  #callOff: (() => void) | undefined;
  #isClosed = false;

  constructor(deps: MachineRestartDeps) {
    this.#deps = deps;
    this.#stopFollowing = deps.session.subscribe(() => this.#followPeer());
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };
  /** The restart that is under way. */
  readonly getSnapshot = (): MachineCommandKind | undefined => this.#kind;

  /** What the machine is and what this person may do with it. Rejects with GuruError. */
  target(machineId: string): Promise<ApiReply<'getMachine'>> {
    return this.#deps.api.call('getMachine', { params: { machineId } });
  }

  /** Rejects with GuruError when the server refuses; what the machine says of it is told as a notice. */
  async begin(machineId: string, body: ApiBody<'commandMachine'>): Promise<void> {
    const { api, session } = this.#deps;
    const command = await api.call('commandMachine', { params: { machineId }, body });
    this.#isDown = false;
    this.#set(body.kind);
    session.notify(commandText(command));
    this.#lookLater(machineId, command.commandId);
  }

  close(): void {
    this.#isClosed = true;
    this.#stopFollowing();
    this.#callOff?.();
  }

  #lookLater(machineId: string, commandId: string): void {
    this.#callOff?.();
    if (this.#isClosed) return;
    this.#callOff = this.#deps.timing.after(LOOK_MS, () => void this.#look(machineId, commandId));
  }

  async #look(machineId: string, commandId: string): Promise<void> {
    const { api, session } = this.#deps;
    try {
      const { commands } = await api.call('listCommands', { params: { machineId } });
      const command = commands.find((one) => one.commandId === commandId);
      if (this.#isClosed || !command) return;
      if (!isOpen(command)) {
        session.notify(commandText(command));
        if (command.status !== 'accepted') this.#set(undefined);
        return;
      }
    } catch {
      // The server is away; what it knows is asked again.
    }
    this.#lookLater(machineId, commandId);
  }

  /** It is over when the picture was gone and is back. */
  #followPeer(): void {
    if (this.#kind === undefined) return;
    const isUp = this.#deps.session.getSnapshot().keeper === 'up';
    if (!isUp) this.#isDown = true;
    else if (this.#isDown) this.#set(undefined);
  }

  #set(kind: MachineCommandKind | undefined): void {
    if (this.#kind === kind) return;
    this.#kind = kind;
    for (const watcher of [...this.#watchers]) watcher();
  }
}
