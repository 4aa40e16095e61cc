import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { useMachineStarts } from './machine-starts-context.ts';
import { paths } from './paths.ts';

/** An opened machine is looked at for longer than this before somebody connects; skimming loads nothing. */
const LOOKED_AT_MS = 400;

/** Loads the viewer's code when somebody points at a link that connects, or has opened a machine. */
export function usePrepareConnect(): void {
  const starts = useMachineStarts();
  const { pathname } = useLocation();
  const isMachineOpen = pathname.startsWith(`${paths.access}/`);
  useEffect(() => {
    const prepare = ({ target }: PointerEvent) => {
      if (target instanceof Element && target.closest('a[href^="/connect/"]')) starts.prepare();
    };
    document.addEventListener('pointerover', prepare, { passive: true });
    return () => document.removeEventListener('pointerover', prepare);
  }, [starts]);
  useEffect(() => {
    if (!isMachineOpen) return undefined;
    const timer = setTimeout(() => starts.prepare(), LOOKED_AT_MS);
    return () => clearTimeout(timer);
  }, [starts, isMachineOpen]);
}
