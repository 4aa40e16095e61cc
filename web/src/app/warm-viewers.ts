import type { Viewer } from '../features/viewer/create-viewer.ts';

type Mode = 'control' | 'view';

export interface WarmViewersDeps {
  /** Loads the viewer's code and makes one that holds its connection ready. */
  readonly makeHeld: (sessionId: string) => Promise<Viewer>;
  /** Calls back once after `ms`; the returned function calls it off. */
  readonly after: (ms: number, task: () => void) => () => void;
}

/** A session whose connection failed or was closed is left alone for so long. */
const RETRY_MS = 20_000;

/**
 * Viewers that hold a connection ready for a click on Join, outside React. They show nothing and nobody is told of
 * them; what is taken over by a page belongs to it from then on.
 */
export class WarmViewers {
  readonly #deps: WarmViewersDeps;
  readonly #held = new Map<string, Viewer>();
  /** On the way, or to be left alone for a while. */
  readonly #busy = new Map<string, () => void>();
  #wanted: readonly string[] = [];
  #mayOpen = false;
  #begun: { readonly sessionId: string; readonly viewer: Viewer } | undefined;

  constructor(deps: WarmViewersDeps) {
    this.#deps = deps;
  }

  /** Which sessions to hold ready; new connections are made only while `mayOpen` (somebody looks at the page). */
  want(sessionIds: readonly string[], mayOpen: boolean): void {
    this.#wanted = sessionIds;
    this.#mayOpen = mayOpen;
    for (const sessionId of [...this.#held.keys()]) {
      if (!sessionIds.includes(sessionId)) this.#drop(sessionId);
    }
    for (const sessionId of sessionIds) this.#hold(sessionId);
  }

  /** The person clicked on Join: what stands ready joins now, before the page is drawn. */
  begin(sessionId: string, mode: Mode): void {
    this.#begun?.viewer.close();
    this.#begun = undefined;
    const viewer = this.#held.get(sessionId);
    if (!viewer) return;
    this.#held.delete(sessionId);
    viewer.begin(mode);
    this.#begun = { sessionId, viewer };
  }

  /** Takes a viewer that is joining already, for the page of its session. */
  adopt(sessionId: string, viewer: Viewer): void {
    this.#begun?.viewer.close();
    this.#begun = { sessionId, viewer };
  }

  /** The viewer that has begun, which the page of its session now owns and closes. */
  takeBegun(sessionId: string): Viewer | undefined {
    const begun = this.#begun;
    if (begun?.sessionId !== sessionId) return undefined;
    this.#begun = undefined;
    return begun.viewer;
  }

  close(): void {
    this.want([], false);
    for (const cancel of this.#busy.values()) cancel();
    this.#busy.clear();
    this.#begun?.viewer.close();
    this.#begun = undefined;
  }

  #hold(sessionId: string): void {
    if (!this.#mayOpen || this.#held.has(sessionId) || this.#busy.has(sessionId)) return;
    let wanted = true;
    this.#busy.set(sessionId, () => {
      wanted = false;
    });
    this.#deps.makeHeld(sessionId).then(
      (viewer) => {
        this.#busy.delete(sessionId);
        if (!wanted || !this.#wanted.includes(sessionId)) viewer.close();
        else this.#keep(sessionId, viewer);
      },
      // The code could not be loaded: the server was updated, or is away.
      () => this.#pause(sessionId),
    );
  }

  #keep(sessionId: string, viewer: Viewer): void {
    this.#held.set(sessionId, viewer);
    viewer.session.subscribe(() => {
      if (this.#held.get(sessionId) !== viewer || !viewer.session.getSnapshot().over) return;
      this.#drop(sessionId);
      this.#pause(sessionId);
    });
  }

  #drop(sessionId: string): void {
    const viewer = this.#held.get(sessionId);
    this.#held.delete(sessionId);
    viewer?.close();
  }

  #pause(sessionId: string): void {
    const cancel = this.#deps.after(RETRY_MS, () => {
      this.#busy.delete(sessionId);
      if (this.#wanted.includes(sessionId)) this.#hold(sessionId);
    });
    this.#busy.set(sessionId, cancel);
  }
}
