import type { ApiReply } from '@guruconnect/shared';
import type { RowWindow } from './row-window.ts';

/** Rows asked for at a time. */
export const PAGE_SIZE = 100;

/** How long the list is, as far as a page and what is known of it say. */
export function totalOf({ total, isTotalExact }: ApiReply<'listMachines'>, rows: RowWindow): number {
  return isTotalExact ? total : Math.max(total, rows.total);
}

/** Where the page begins that has this row. */
export function pageOf(index: number): number {
  return Math.floor(index / PAGE_SIZE) * PAGE_SIZE;
}

/** The pages of what is on the screen: one, or two where it lies across their border. */
export function offsetsOf(first: number, last: number): number[] {
  const from = pageOf(Math.max(0, first));
  const to = pageOf(Math.max(0, last));
  return to > from ? [from, from + PAGE_SIZE] : [from];
}
