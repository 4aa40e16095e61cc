/**
 * Carries the word that something of a session changed to whoever shows it. In one process a list of
 * listeners; with several nodes it must reach those of every node.
 */
export interface Fanout {
  sessionChanged(sessionId: string): void;
  /** Returns a function that takes the listener off again. */
  onSessionChanged(listener: (sessionId: string) => void): () => void;
}

export class MemoryFanout implements Fanout {
  readonly #listeners = new Set<(sessionId: string) => void>();

  sessionChanged(sessionId: string): void {
    for (const listener of this.#listeners) listener(sessionId);
  }

  onSessionChanged(listener: (sessionId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
