import type { LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ToolbarButton } from './toolbar-button.tsx';

/** Ends the session for everybody, after a question. */
export function EndSession(props: { icon: LucideIcon; isMachine: boolean; onEnd: () => void }) {
  const { icon, onEnd } = props;
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <ToolbarButton
        icon={icon}
        label="End session"
        text="End"
        tone="dangerGhost"
        onClick={() => setAsking(true)}
      />
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title="End this session?"
        confirmLabel="End session"
        busy={false}
        onConfirm={() => {
          setAsking(false);
          onEnd();
        }}
      >
        The screen is no longer shown to anybody
        {props.isMachine ? '; the machine stays reachable' : ', and the code stops working'}. To leave without
        ending it, use Leave.
      </ConfirmDialog>
    </>
  );
}
