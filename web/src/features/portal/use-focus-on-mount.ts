import { type RefObject, useEffect, useRef } from 'react';

/** Moves the focus to what just replaced the page's content, so that screen readers start there. */
export function useFocusOnMount<T extends HTMLElement>(): RefObject<T | null> {
  const element = useRef<T>(null);
  useEffect(() => {
    element.current?.focus();
  }, []);
  return element;
}
