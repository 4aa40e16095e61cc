import { useEffect, useState } from 'react';

/** Whether a moment has come; re-renders when it does. No moment counts as past. */
export function useIsPast(moment: number | undefined): boolean {
  const [seen, setSeen] = useState(() => Date.now());
  useEffect(() => {
    if (moment === undefined) return;
    const timer = setTimeout(() => setSeen(Date.now()), Math.max(0, moment - Date.now()) + 20);
    return () => clearTimeout(timer);
  }, [moment]);
  return moment === undefined || seen >= moment;
}
