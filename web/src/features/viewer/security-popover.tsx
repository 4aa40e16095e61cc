import { LockKeyhole } from 'lucide-react';
import type { PeerSecurity } from '../../lib/secure/peer-security.ts';
import { ToolbarPopover } from './toolbar-popover.tsx';

/** That nobody is in between, and how to make sure of it together with the person at the machine. */
export function SecurityPopover({ security }: { security: PeerSecurity | undefined }) {
  if (!security) return null;
  return (
    <ToolbarPopover icon={LockKeyhole} label="Security of the connection" className="w-80 gap-3">
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
    </ToolbarPopover>
  );
}
