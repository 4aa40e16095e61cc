import { fileURLToPath } from 'node:url';
import { ManagedProcess } from '../../../tools/stack/managed-process.ts';
import { compileXClient } from '../../../tools/stack/x-client.ts';

const SOURCE = fileURLToPath(new URL('link-emulator.c', import.meta.url));

/** How a line is. Whatever is left out of a change stays as it was; 0 is no limit, no delay and no loss. */
export interface LinkShape {
  /** Bits a second. */
  readonly rate?: number;
  /** One way. */
  readonly delayMs?: number;
  /** Each packet comes up to this much earlier or later; none overtakes another. */
  readonly jitterMs?: number;
  /** Share of packets that are lost by themselves, 0 to 1. */
  readonly loss?: number;
  /** Gilbert-Elliott: chances to enter and to leave a burst with each packet, and the share lost in one. */
  readonly burst?: { readonly enter: number; readonly leave: number; readonly loss: number };
  /** What would wait longer than this at the bottleneck is dropped. */
  readonly queueMs?: number;
  readonly queueBytes?: number;
  /** Nothing passes, and nobody is told. */
  readonly cut?: boolean;
}

/** From the first to the second end, back, or both. */
export type LinkDirection = 'ab' | 'ba' | 'both';

/** What happened to the packets of one direction. */
export interface DirectionCounts {
  readonly bytes: number;
  readonly packets: number;
  /** On the wire, by chance. */
  readonly lost: number;
  /** Because the queue was full. */
  readonly dropped: number;
  readonly cut: number;
  /** What the rate would have allowed; nothing while cut. */
  readonly capacityBytes: number;
  readonly backlogBytes: number;
  /** How much later than due the emulator handed packets over; only in {@link EmulatedLink.report}. */
  readonly lateMs: { readonly mean: number; readonly max: number };
  /** How long packets waited before their first bit was sent. */
  readonly queueMs: { readonly p50: number; readonly p95: number; readonly max: number; readonly n: number };
}

export interface LinkCounts {
  /** By `Date.now()`'s clock. */
  readonly atMs: number;
  readonly ab: DirectionCounts;
  readonly ba: DirectionCounts;
}

interface LinkEnd {
  readonly namespace: string;
  readonly device: string;
}

type LinkEvent = LinkCounts & { readonly event: 'ready' | 'sample' | 'step' | 'report' | 'error' };

/** A line between two network namespaces that is as bad as one wants. Needs root. */
export class EmulatedLink {
  /** One each 100 ms since the start. */
  readonly samples: LinkCounts[] = [];
  readonly #process: ManagedProcess;
  readonly #watchers = new Set<(event: LinkEvent) => void>();
  #rest = '';

  private constructor(process: ManagedProcess) {
    this.#process = process;
    process.child.stdout?.on('data', (chunk: Buffer) => this.#take(chunk.toString('utf8')));
  }

  /** Makes the two devices; whoever asked gives them addresses. The same seed loses the same packets again. */
  static async start(a: LinkEnd, b: LinkEnd, seed = 1): Promise<EmulatedLink> {
    const process = new ManagedProcess({
      name: 'link',
      program: await compileXClient(SOURCE),
      args: [a.namespace, a.device, b.namespace, b.device, String(seed)],
      hasInput: true,
    });
    const link = new EmulatedLink(process);
    await process.waitFor(/"ready"/, 5_000);
    return link;
  }

  /** Changes the line now. */
  async set(shape: LinkShape, direction: LinkDirection = 'both'): Promise<void> {
    this.#tell(`set ${direction} ${words(shape)}`);
    // An answer tells that it was taken, and how things stand.
    await this.report();
  }

  /** Changes the line that many ms from now; resolves at once. */
  at(ms: number, shape: LinkShape, direction: LinkDirection = 'both'): void {
    this.#tell(`at ${ms} ${direction} ${words(shape)}`);
  }

  /** Counts from zero from now on. */
  measure(): void {
    this.#tell('measure');
  }

  /** What happened since {@link measure}. */
  async report(): Promise<LinkCounts> {
    const answer = this.#next((event) => event.event === 'report');
    this.#tell('report');
    return answer;
  }

  /** The samples between two times of `Date.now()`'s clock. */
  between(fromMs: number, toMs: number): LinkCounts[] {
    return this.samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  }

  async close(): Promise<void> {
    this.#process.child.stdin?.end();
    await this.#process.stop();
  }

  #tell(line: string): void {
    this.#process.child.stdin?.write(`${line}\n`);
  }

  #next(isIt: (event: LinkEvent) => boolean): Promise<LinkEvent> {
    return new Promise((resolve, reject) => {
      const watch = (event: LinkEvent) => {
        if (event.event !== 'error' && !isIt(event)) return;
        this.#watchers.delete(watch);
        if (event.event === 'error') reject(new Error('The link does not understand what it was told.'));
        else resolve(event);
      };
      this.#watchers.add(watch);
      void this.#process.ended.then(() => reject(new Error(`The link ended:\n${this.#process.output}`)));
    });
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = JSON.parse(line) as LinkEvent;
      if (event.event === 'sample') this.samples.push(event);
      for (const watch of [...this.#watchers]) watch(event);
    }
  }
}

function words(shape: LinkShape): string {
  const values: Record<string, number | undefined> = {
    rate: shape.rate,
    delay: shape.delayMs,
    jitter: shape.jitterMs,
    loss: shape.loss,
    'burst-enter': shape.burst?.enter,
    'burst-leave': shape.burst?.leave,
    'burst-loss': shape.burst?.loss,
    'queue-ms': shape.queueMs,
    'queue-bytes': shape.queueBytes,
    cut: shape.cut === undefined ? undefined : Number(shape.cut),
  };
  return Object.entries(values)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]))
    .join(' ');
}
