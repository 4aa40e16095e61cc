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
/** A viewer that began is closed unless a page owns it within so long: whoever clicked went elsewhere meanwhile. */
const UNOWNED_MS = 15_000;

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
  #begun: { readonly sessionId: string; readonly viewer: Viewer; readonly forget: () => void } | undefined;

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
    this.#closeBegun();
    const viewer = this.#held.get(sessionId);
    if (!viewer) return;
    this.#held.delete(sessionId);
    viewer.begin(mode);
    this.adopt(sessionId, viewer);
  }

  /** Takes a viewer that is joining already, for the page of its session. */
  adopt(sessionId: string, viewer: Viewer): void {
    this.#closeBegun();
    const forget = this.#deps.after(UNOWNED_MS, () => {
      if (this.#begun?.viewer === viewer) this.#closeBegun();
    });
    this.#begun = { sessionId, viewer, forget };
  }

  /**
   * The viewer for the page of a session: the one that has begun, or else a new one. React may draw a page, throw that
   * away and draw it anew, so it is the same one each time until the page that was put up says that it owns it.
   */
  viewerFor(sessionId: string, make: () => Viewer): Viewer {
    if (this.#begun?.sessionId === sessionId) return this.#begun.viewer;
    const viewer = make();
    this.adopt(sessionId, viewer);
    return viewer;
  }

  /** The page of the viewer is there, and closes it when it goes. */
  own(viewer: Viewer): void {
    if (this.#begun?.viewer !== viewer) return;
    this.#begun.forget();
    this.#begun = undefined;
  }

  close(): void {
    this.want([], false);
    for (const cancel of this.#busy.values()) cancel();
    this.#busy.clear();
    this.#closeBegun();
  }

  #closeBegun(): void {
    this.#begun?.forget();
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
    const look = () => {
      if (this.#held.get(sessionId) !== viewer || !viewer.session.getSnapshot().over) return;
      this.#drop(sessionId);
      this.#pause(sessionId);
    };
    viewer.session.subscribe(look);
    look();
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
