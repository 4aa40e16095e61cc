import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { buttonStyles } from '../../components/button-styles.ts';
import { useFocusReturn } from '../../lib/use-focus-return.ts';

/** The groups on narrow pages; choosing one closes it. */
export function GroupsDrawer(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
}) {
  const focusReturn = useFocusReturn();
  return (
    <Dialog.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-overlay/60" />
        <Dialog.Content
          {...focusReturn}
          aria-describedby={undefined}
          onClick={(event) => {
            if (event.target instanceof Element && event.target.closest('a')) props.onOpenChange(false);
          }}
          className="fixed inset-y-0 left-0 z-50 flex w-72 max-w-[85vw] animate-slide-in flex-col border-r bg-sidebar shadow-xl"
        >
          <header className="flex h-14 shrink-0 items-center justify-between border-b pr-2 pl-5">
            <Dialog.Title className="font-semibold">Groups</Dialog.Title>
            <Dialog.Close
              aria-label="Close the groups"
              className={buttonStyles({ tone: 'ghost', size: 'icon' })}
            >
              <X aria-hidden="true" />
            </Dialog.Close>
          </header>
          {props.children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
