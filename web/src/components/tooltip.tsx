import { Tooltip as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

/** A short name beside an icon; the control inside must carry the same name for screen readers. */
export function Tooltip(props: { text: string; side?: 'top' | 'right' | 'bottom'; children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={300}>
      <Radix.Root>
        <Radix.Trigger asChild>{props.children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            side={props.side ?? 'top'}
            sideOffset={6}
            className="z-50 rounded-md bg-foreground px-2.5 py-1.5 text-background text-xs shadow-md"
          >
            {props.text}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
