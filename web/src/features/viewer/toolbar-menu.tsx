import type { LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { ToolbarButton } from './toolbar-button.tsx';

/** A menu of the toolbar. Choosing gives the keyboard back to the remote desktop; Escape to the toolbar. */
export function ToolbarMenu(props: {
  icon: LucideIcon;
  label: string;
  disabled?: boolean;
  onDone: () => void;
  children: ReactNode;
}) {
  // A choice may draw the toolbar anew before the menu is gone.
  const chosen = useRef(false);
  return (
    // Not modal: a modal one hides the page from screen readers while parts of it can still have the focus.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild disabled={props.disabled ?? false}>
        <ToolbarButton icon={props.icon} label={props.label} disabled={props.disabled ?? false} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="center"
          sideOffset={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 animate-appear overflow-y-auto rounded-lg border border-border bg-card p-1 text-card-foreground shadow-lg"
          onClick={() => {
            chosen.current = true;
          }}
          onCloseAutoFocus={(event) => {
            if (!chosen.current) return;
            chosen.current = false;
            event.preventDefault();
            props.onDone();
          }}
        >
          {props.children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
