import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';

export interface ToolbarReveal {
  readonly element: RefObject<HTMLDivElement | null>;
  readonly isOpen: boolean;
  show(): void;
  /** Shows the toolbar and moves the focus into it. */
  focus(): void;
}

const OPEN_AT_START_MS = 4_000;
const OPEN_MS = 1_500;

/** A toolbar that hides by itself, but never while it is pointed at, focused, or has a menu open. */
export function useToolbarReveal(): ToolbarReveal {
  const element = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const hideIn = useCallback((ms: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (isInUse(element.current)) hideIn(OPEN_MS);
      else setOpen(false);
    }, ms);
  }, []);
  useEffect(() => {
    hideIn(OPEN_AT_START_MS);
    return () => clearTimeout(timer.current);
  }, [hideIn]);
  return useMemo(() => {
    const show = () => {
      setOpen(true);
      hideIn(OPEN_MS);
    };
    const focus = () => {
      show();
      element.current?.querySelector<HTMLElement>('button:not([tabindex="-1"])')?.focus();
    };
    return { element, isOpen, show, focus };
  }, [hideIn, isOpen]);
}

function isInUse(toolbar: HTMLElement | null): boolean {
  if (!toolbar) return false;
  return (
    toolbar.matches(':hover') ||
    toolbar.contains(document.activeElement) ||
    toolbar.querySelector('[aria-expanded="true"], [data-state="open"]') !== null
  );
}
