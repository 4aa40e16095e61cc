import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { buttonStyles } from '../components/button-styles.ts';
import { cn } from '../lib/class-names.ts';
import { Sidebar } from './sidebar.tsx';

/** The sidebar as a drawer on phones. */
export function MobileDrawer(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-overlay/60 md:hidden" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-50 flex animate-slide-in md:hidden"
        >
          <Dialog.Title className="sr-only">Menu</Dialog.Title>
          <Sidebar inDrawer className="flex h-full shadow-xl" />
          <Dialog.Close
            aria-label="Close the menu"
            className={cn(buttonStyles({ tone: 'ghost', size: 'icon' }), 'absolute top-4 right-3')}
          >
            <X aria-hidden="true" />
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
