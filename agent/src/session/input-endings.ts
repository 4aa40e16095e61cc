/** Peers whose last words are remembered; a technician has one or two. */
const MAX_REMEMBERED = 16;

/** How far the input of peers that are gone was carried out, for the peers that carry it on. */
export class InputEndings {
  readonly #newest = new Map<string, { participantId: string; inputId: number }>();

  note(peerId: string, participantId: string, inputId: number): void {
    this.#newest.set(peerId, { participantId, inputId });
    const oldest = this.#newest.size > MAX_REMEMBERED ? this.#newest.keys().next().value : undefined;
    if (oldest !== undefined) this.#newest.delete(oldest);
  }

  /** Undefined when nothing is known of such a peer of that participant. */
  of(peerId: string, participantId: string): number | undefined {
    const ended = this.#newest.get(peerId);
    return ended?.participantId === participantId ? ended.inputId : undefined;
  }
}
