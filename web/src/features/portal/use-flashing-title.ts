import { useEffect } from 'react';

/** Alternates the tab's title while something waits for the person; undefined leaves it alone. */
export function useFlashingTitle(message: string | undefined): void {
  useEffect(() => {
    if (!message) return;
    const normal = document.title;
    let isShown = true;
    document.title = `● ${message}`;
    const timer = setInterval(() => {
      isShown = !isShown;
      document.title = isShown ? `● ${message}` : normal;
    }, 900);
    return () => {
      clearInterval(timer);
      document.title = normal;
    };
  }, [message]);
}
