import type { QualityReport } from '@guruconnect/shared';
import type { StreamMonitor } from '../../lib/rtc/stream-monitor.ts';
import type { Timing } from '../../lib/rtc/timing.ts';
import { QualityLog } from './quality-log.ts';

export const REPORT_EVERY_MS = 30_000;

/** Tells the server each half minute, and when a peer ends, how well its picture came. */
export class QualityReporter {
  readonly #deps: { monitor: StreamMonitor; timing: Timing; send(report: QualityReport): void };
  readonly #unsubscribe: () => void;
  #peerId: string | undefined;
  #log: QualityLog | undefined;
  #cancel: (() => void) | undefined;

  constructor(deps: { monitor: StreamMonitor; timing: Timing; send(report: QualityReport): void }) {
    this.#deps = deps;
    this.#unsubscribe = deps.monitor.subscribe(() => {
      const quality = deps.monitor.getSnapshot();
      if (quality) this.#log?.add(quality);
    });
  }

  /** The peer whose picture is shown from now on, or none; the one before is reported of for the last time. */
  follow(peerId: string | undefined): void {
    if (peerId === this.#peerId) return;
    this.#send();
    this.#peerId = peerId;
    this.#log = peerId === undefined ? undefined : new QualityLog(peerId);
    this.#cancel?.();
    this.#cancel = undefined;
    if (peerId !== undefined) this.#schedule();
  }

  close(): void {
    this.follow(undefined);
    this.#unsubscribe();
  }

  #schedule(): void {
    this.#cancel = this.#deps.timing.after(REPORT_EVERY_MS, () => {
      this.#send();
      this.#schedule();
    });
  }

  #send(): void {
    const report = this.#log?.report();
    if (report) this.#deps.send(report);
  }
}
