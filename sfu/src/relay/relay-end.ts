/** One end's connection, as the relay's own rules see it. */
export interface RelayEnd {
  /** Passes a binary message on; `sent` is called once it has left this process, or cannot any more. */
  send(data: Buffer, sent: () => void): void;
  /** Tells that both ends are there. */
  tellPaired(): void;
  /** Stops reading: what the other side sends then waits on its side. */
  pause(): void;
  resume(): void;
  /** Closes with one of `RELAY_CLOSE`; may be called twice. */
  close(code: number, reason: string): void;
}
