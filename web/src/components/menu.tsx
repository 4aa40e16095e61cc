import type { LucideIcon } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import { createContext, type ReactNode, useContext, useRef } from 'react';
import { cn } from '../lib/class-names.ts';

type Deed = () => void;

/**
 * A chosen item acts once the menu is gone and the focus is back on its button: a dialog that it opens then
 * knows where to return the focus to.
 */
const ChooseContext = createContext<(deed: Deed) => void>((deed) => deed());

/** A menu that opens from `trigger`, which must be a button. */
export function Menu(props: {
  trigger: ReactNode;
  align?: 'start' | 'end';
  side?: 'top' | 'bottom' | 'right';
  onOpenChange?: (isOpen: boolean) => void;
  children: ReactNode;
}) {
  const chosen = useRef<Deed>(undefined);
  function actOnChoice(): void {
    const deed = chosen.current;
    chosen.current = undefined;
    if (deed) queueMicrotask(deed);
  }
  return (
    // Not modal: a modal one hides the page from screen readers while parts of it can still have the focus.
    <Radix.Root modal={false} onOpenChange={(isOpen) => props.onOpenChange?.(isOpen)}>
      <Radix.Trigger asChild>{props.trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={props.align ?? 'end'}
          side={props.side ?? 'bottom'}
          sideOffset={6}
          onCloseAutoFocus={actOnChoice}
          className="z-50 min-w-48 animate-appear rounded-lg border border-border bg-card p-1 text-card-foreground shadow-lg"
        >
          <ChooseContext
            value={(deed) => {
              chosen.current = deed;
            }}
          >
            {props.children}
          </ChooseContext>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function MenuItem(props: {
  icon?: LucideIcon;
  tone?: 'danger';
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}) {
  const Icon = props.icon;
  const choose = useContext(ChooseContext);
  return (
    <Radix.Item
      disabled={props.disabled ?? false}
      onSelect={() => choose(props.onSelect)}
      className={cn(
        'flex select-none items-center gap-2.5 rounded-md px-2.5 py-2 text-sm outline-none data-disabled:opacity-50 data-highlighted:bg-muted',
        props.tone === 'danger' && 'text-danger-text data-highlighted:bg-danger-soft',
      )}
    >
      {Icon && <Icon aria-hidden="true" className="size-4" />}
      {props.children}
    </Radix.Item>
  );
}

export function MenuSeparator() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-border" />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2.5 py-2 text-sm">{children}</Radix.Label>;
}
