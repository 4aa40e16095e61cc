import type { InputMessage } from '@guruconnect/shared';

export type UnnumberedInput = InputMessage extends infer M
  ? M extends unknown
    ? Omit<M, 'inputId'>
    : never
  : never;

interface Entry {
  readonly inputId: number;
  readonly message: UnnumberedInput;
  readonly atMs: number;
}

/** Older input is not sent again: the screen that it was meant for may be another one by now. */
export const RESEND_MS = 5_000;
const MAX_ENTRIES = 512;

/** What was sent reliably of late, until it is sure that it arrived: a peer that dies takes it along. */
export class InputLog {
  #entries: Entry[] = [];

  add(inputId: number, message: UnnumberedInput, nowMs: number): void {
    this.#entries.push({ inputId, message, atMs: nowMs });
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
  }

  /** What has to be sent again when everything up to `inputId` was carried out, oldest first. */
  after(inputId: number, nowMs: number): UnnumberedInput[] {
    return this.#entries
      .filter((entry) => entry.inputId > inputId && nowMs - entry.atMs <= RESEND_MS)
      .map(({ message }) => message);
  }

  hasRecent(nowMs: number): boolean {
    const last = this.#entries.at(-1);
    return last !== undefined && nowMs - last.atMs <= RESEND_MS;
  }
}
