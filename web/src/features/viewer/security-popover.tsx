import { LockKeyhole } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { PeerSecurity } from '../../lib/secure/peer-security.ts';
import { ToolbarButton } from './toolbar-button.tsx';

/** That nobody is in between, and how to make sure of it together with the person at the machine. */
export function SecurityPopover({ security }: { security: PeerSecurity | undefined }) {
  if (!security) return null;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <ToolbarButton icon={LockKeyhole} label="Security of the connection" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={8}
          collisionPadding={8}
          aria-label="Security of the connection"
          className="z-50 grid w-80 max-w-[calc(100vw-1rem)] animate-appear gap-3 rounded-lg border border-border bg-card p-4 text-card-foreground text-sm shadow-lg"
        >
          <p className="font-medium">Encrypted from this browser to the computer</p>
          <p>To be sure that nobody is in between, ask the person at the machine to read these words:</p>
          <p className="rounded-md bg-accent px-3 py-2 text-center font-semibold text-accent-foreground text-lg">
            {security.words.join(' ')}
          </p>
          <p className="text-muted-foreground">
            {security.pinned === 'known'
              ? 'It is the same computer that this browser met in this session before.'
              : 'This browser meets the computer for the first time in this session, and will know it again.'}
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
