import type { SessionView } from '@guruconnect/shared';

export interface MachineStartsDeps {
  /** Asks the server for a session on the machine. */
  readonly connect: (machineId: string) => Promise<SessionView>;
  /** Loads the viewer's code; called beside `connect`, since both take their time. */
  readonly loadViewer: () => Promise<(session: SessionView) => void>;
}

/**
 * Connections to machines that are on their way, outside React: they begin with the click, while the page that shows
 * them is still to be drawn.
 */
export class MachineStarts {
  readonly #deps: MachineStartsDeps;
  readonly #begun = new Map<string, Promise<SessionView>>();

  constructor(deps: MachineStartsDeps) {
    this.#deps = deps;
  }

  /** Begins, or gives what is under way. Resolves once a viewer is joining; rejects with the server's refusal. */
  begin(machineId: string): Promise<SessionView> {
    const known = this.#begun.get(machineId);
    if (known) return known;
    const begun = this.#start(machineId);
    this.#begun.set(machineId, begun);
    // Whoever shows it reads the refusal; nobody may be there yet.
    begun.catch(() => undefined);
    return begun;
  }

  /** Somebody is about to connect: the code is there then. */
  prepare(): void {
    // A failure shows when it matters: the click loads it again.
    this.#deps.loadViewer().catch(() => undefined);
  }

  /** The page has what it wanted, or gave up: the next one begins anew. */
  forget(machineId: string): void {
    this.#begun.delete(machineId);
  }

  async #start(machineId: string): Promise<SessionView> {
    const loading = this.#deps.loadViewer();
    loading.catch(() => undefined);
    const session = await this.#deps.connect(machineId);
    const show = await loading;
    show(session);
    return session;
  }
}
