import { AlertDialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useFocusReturn } from '../lib/use-focus-return.ts';
import { Button } from './button.tsx';
import { DialogActions } from './dialog.tsx';

/** Asks before something that cannot be undone. Stays open, busy, until the deed is done. */
export function ConfirmDialog(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  confirmLabel: string;
  busy: boolean;
  onConfirm: () => void;
  children: ReactNode;
}) {
  const focusReturn = useFocusReturn();
  return (
    <Radix.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-overlay/60 backdrop-blur-[2px]" />
        <Radix.Content
          {...focusReturn}
          className="fixed top-1/2 left-1/2 z-50 w-[calc(100vw-2rem)] max-w-md -translate-x-1/2 -translate-y-1/2 rounded-card border border-border bg-card p-6 text-card-foreground shadow-xl"
        >
          <Radix.Title className="font-semibold text-lg">{props.title}</Radix.Title>
          <Radix.Description className="mt-2 text-muted-foreground text-sm">
            {props.children}
          </Radix.Description>
          <DialogActions>
            <Radix.Cancel asChild>
              <Button>Keep as it is</Button>
            </Radix.Cancel>
            <Button tone="danger" busy={props.busy} onClick={props.onConfirm}>
              {props.confirmLabel}
            </Button>
          </DialogActions>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
