import type { Page } from 'playwright-core';
import type { PaintTimes } from './figures.ts';

/** One sender and one receiver of a moving picture over the line that is measured: the product, or the reference. */
export interface Leg {
  /** Where the picture is shown, with the picture probe in it. */
  readonly page: Page;
  /** Makes an input that turns the upper half of the picture. The probe is armed. */
  press(): Promise<void>;
  paintTimes(): Promise<PaintTimes>;
  /** What the receiver itself believes its input-to-photon time to be, in ms; null where it has no such figure. */
  believes(): Promise<{ readonly p50: number | null; readonly p95: number | null } | null>;
  close(): Promise<void>;
}
