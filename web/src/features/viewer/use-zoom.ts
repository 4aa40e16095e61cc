import { type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Box, Point } from '../../lib/input/picture-layout.ts';

export interface Zoom {
  /** Times the size that the chosen scale gives; never below 1. */
  readonly factor: number;
  /** Zooms by so much; what is under the point stays there as far as the picture's edges allow. */
  by(factor: number, at: Point): void;
  reset(): void;
}

interface Anchor {
  /** Which part of the picture, 0 to 1. */
  readonly share: Point;
  readonly at: Point;
}

/** Zooming with two fingers. `clamp` keeps the factor within what the picture's size allows. */
export function useZoom(
  scroller: RefObject<HTMLElement | null>,
  picture: RefObject<HTMLElement | null>,
  clamp: (wanted: number) => number,
): Zoom {
  const [factor, setFactor] = useState(1);
  const newest = useRef(factor);
  const anchor = useRef<Anchor>(undefined);
  const latestClamp = useRef(clamp);
  latestClamp.current = clamp;
  const set = useCallback((wanted: number) => {
    newest.current = latestClamp.current(wanted);
    setFactor(newest.current);
  }, []);
  const by = useCallback(
    (times: number, at: Point) => {
      const box = picture.current?.getBoundingClientRect();
      // Several steps may come before the first is drawn: they all mean what is on the screen.
      if (box) anchor.current = { share: shareOf(at, box), at };
      set(newest.current * times);
    },
    [picture, set],
  );
  const reset = useCallback(() => set(1), [set]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is restored after each change of size
  useLayoutEffect(() => {
    const kept = anchor.current;
    const box = picture.current?.getBoundingClientRect();
    anchor.current = undefined;
    if (!kept || !box) return;
    scroller.current?.scrollBy(
      box.left + kept.share.x * box.width - kept.at.x,
      box.top + kept.share.y * box.height - kept.at.y,
    );
  }, [factor]);
  return useMemo(() => ({ factor: clamp(factor), by, reset }), [clamp, factor, by, reset]);
}

function shareOf(at: Point, box: Box): Point {
  const share = (from: number, length: number) => (length > 0 ? Math.min(1, Math.max(0, from / length)) : 0);
  return { x: share(at.x - box.left, box.width), y: share(at.y - box.top, box.height) };
}
