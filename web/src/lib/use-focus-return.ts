import { useRef } from 'react';

/**
 * Handlers for a radix dialog that is opened by state, without a trigger of its own: radix would then leave
 * the focus nowhere. It goes back to what had it.
 */
export function useFocusReturn(): { onOpenAutoFocus: () => void; onCloseAutoFocus: (event: Event) => void } {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement;
    },
    onCloseAutoFocus: (event) => {
      event.preventDefault();
      // Whatever came in the dialog's place may have taken the focus already, and keeps it.
      if (document.activeElement && document.activeElement !== document.body) return;
      if (before.current instanceof HTMLElement) before.current.focus();
    },
  };
}
