/** Who is connected to a session now. Lost with the process: everybody connects again and tells anew. */
export interface SessionPresence {
  guestPanelOpened(sessionId: string, connectionId: string): void;
  guestPanelClosed(sessionId: string, connectionId: string): void;
  isGuestPanelOpen(sessionId: string): boolean;
  /** An agent said hello. A newer connection takes the place of an older one. */
  agentConnected(sessionId: string, agentId: string, connectionId: string): void;
  /** Returns whether it was the session's current connection. */
  agentDisconnected(sessionId: string, connectionId: string): boolean;
  /** The agent that is connected and has said hello. */
  agentOf(sessionId: string): string | undefined;
  viewerConnected(sessionId: string, participantId: string, peerId: string): void;
  /** Returns whether the peer was known as connected. */
  viewerDisconnected(sessionId: string, peerId: string): boolean;
  isViewing(sessionId: string, participantId: string): boolean;
  isConnected(sessionId: string, peerId: string): boolean;
}

interface Present {
  readonly guestPanels: Set<string>;
  agent: { agentId: string; connectionId: string } | undefined;
  /** Participant by peer. */
  readonly viewers: Map<string, string>;
}

export class MemoryPresence implements SessionPresence {
  readonly #sessions = new Map<string, Present>();

  guestPanelOpened(sessionId: string, connectionId: string): void {
    this.#of(sessionId).guestPanels.add(connectionId);
  }

  guestPanelClosed(sessionId: string, connectionId: string): void {
    this.#of(sessionId).guestPanels.delete(connectionId);
    this.#forgetIfEmpty(sessionId);
  }

  isGuestPanelOpen(sessionId: string): boolean {
    return (this.#sessions.get(sessionId)?.guestPanels.size ?? 0) > 0;
  }

  agentConnected(sessionId: string, agentId: string, connectionId: string): void {
    this.#of(sessionId).agent = { agentId, connectionId };
  }

  agentDisconnected(sessionId: string, connectionId: string): boolean {
    const present = this.#sessions.get(sessionId);
    if (present?.agent?.connectionId !== connectionId) return false;
    present.agent = undefined;
    this.#forgetIfEmpty(sessionId);
    return true;
  }

  agentOf(sessionId: string): string | undefined {
    return this.#sessions.get(sessionId)?.agent?.agentId;
  }

  viewerConnected(sessionId: string, participantId: string, peerId: string): void {
    this.#of(sessionId).viewers.set(peerId, participantId);
  }

  viewerDisconnected(sessionId: string, peerId: string): boolean {
    const known = this.#sessions.get(sessionId)?.viewers.delete(peerId) ?? false;
    this.#forgetIfEmpty(sessionId);
    return known;
  }

  isViewing(sessionId: string, participantId: string): boolean {
    const viewers = this.#sessions.get(sessionId)?.viewers.values() ?? [];
    return [...viewers].includes(participantId);
  }

  isConnected(sessionId: string, peerId: string): boolean {
    return this.#sessions.get(sessionId)?.viewers.has(peerId) ?? false;
  }

  #of(sessionId: string): Present {
    const known = this.#sessions.get(sessionId);
    if (known) return known;
    const present: Present = { guestPanels: new Set(), agent: undefined, viewers: new Map() };
    this.#sessions.set(sessionId, present);
    return present;
  }

  #forgetIfEmpty(sessionId: string): void {
    const present = this.#sessions.get(sessionId);
    if (present && !present.agent && present.guestPanels.size === 0 && present.viewers.size === 0) {
      this.#sessions.delete(sessionId);
    }
  }
}
