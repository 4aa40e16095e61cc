import { type RefObject, useEffect, useState } from 'react';
import type { Size } from '../../lib/input/picture-layout.ts';

/** The inner size of an element in CSS pixels (scroll bars left out), and the device's pixel ratio. */
export function useStageSize(element: RefObject<HTMLElement | null>): {
  size: Size;
  devicePixelRatio: number;
} {
  const [measured, setMeasured] = useState({ size: { width: 0, height: 0 }, devicePixelRatio: 1 });
  useEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const measure = () =>
      setMeasured({
        size: { width: target.clientWidth, height: target.clientHeight },
        devicePixelRatio: window.devicePixelRatio,
      });
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    // Zooming and moving to another screen change the ratio.
    window.addEventListener('resize', measure);
    measure();
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, [element]);
  return measured;
}
