import type { Page } from 'playwright-core';
import type { PaintTimes } from './figures.ts';

/** One sender and one receiver of a moving picture over the line that is measured: the product, or the reference. */
export interface Leg {
  /** Where the picture is shown, with the picture probe in it. */
  readonly page: Page;
  /** Makes an input that turns the upper half of the picture. The probe is armed. */
  press(): Promise<void>;
  paintTimes(): Promise<PaintTimes>;
  close(): Promise<void>;
}
