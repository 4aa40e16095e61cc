import type { LucideIcon } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '../../lib/class-names.ts';
import { ToolbarButton } from './toolbar-button.tsx';

/** A button of the toolbar that opens a small card with what belongs to it. `className`: of the card. */
export function ToolbarPopover(props: {
  icon: LucideIcon;
  label: string;
  className: string;
  children: ReactNode;
}) {
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <ToolbarButton icon={props.icon} label={props.label} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={8}
          collisionPadding={8}
          aria-label={props.label}
          className={cn(
            'z-50 grid max-h-(--radix-popover-content-available-height) max-w-[calc(100vw-1rem)] animate-appear overflow-y-auto rounded-lg border border-border bg-card p-4 text-card-foreground text-sm shadow-lg',
            props.className,
          )}
        >
          {props.children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
