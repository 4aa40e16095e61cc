import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useFocusReturn } from '../lib/use-focus-return.ts';
import { buttonStyles } from './button-styles.ts';

/** A modal window over the page; Escape and the cross close it, the focus returns to where it was. */
export function Dialog(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
}) {
  const focusReturn = useFocusReturn();
  return (
    <Radix.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-overlay/60 backdrop-blur-[2px]" />
        <Radix.Content
          {...focusReturn}
          {...(props.description ? {} : { 'aria-describedby': undefined })}
          className="fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-card border border-border bg-card p-6 text-card-foreground shadow-xl"
        >
          <Radix.Title className="pr-10 font-semibold text-lg">{props.title}</Radix.Title>
          {props.description && (
            <Radix.Description className="mt-1.5 text-muted-foreground text-sm" asChild>
              <div>{props.description}</div>
            </Radix.Description>
          )}
          <div className="mt-5">{props.children}</div>
          <Radix.Close
            aria-label="Close"
            className={`${buttonStyles({ tone: 'ghost', size: 'icon' })} absolute top-4 right-4`}
          >
            <X aria-hidden="true" />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The row of buttons at a dialog's end. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-6 flex flex-wrap justify-end gap-2">{children}</div>;
}
