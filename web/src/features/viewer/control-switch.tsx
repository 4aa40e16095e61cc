import { Eye, Hand, MousePointer2 } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '../../components/badge.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ToolbarButton } from './toolbar-button.tsx';
import type { ViewerSession } from './viewer-session.ts';
import { drives, mayTakeControl, otherHolder, participantOf, type ViewerState } from './viewer-state.ts';

/** Who controls the machine, and the way to change it. */
export function ControlSwitch(props: {
  state: ViewerState;
  session: ViewerSession;
  onMode: (mode: 'control' | 'view') => void;
  onDone: () => void;
}) {
  const { state } = props;
  if (!mayTakeControl(state)) return <ViewOnly {...props} />;
  const other = otherHolder(state);
  if (other) {
    return (
      <>
        <Badge tone="accent">{other.name} has control</Badge>
        <ToolbarButton
          icon={MousePointer2}
          label="Take control"
          text="Take control"
          onClick={() => take(props)}
        />
      </>
    );
  }
  const isViewOnly = state.mode === 'view' || (!participantOf(state)?.hasControl && !drives(state));
  return (
    <>
      {isViewOnly && <Badge tone="neutral">View only</Badge>}
      <ToolbarButton
        icon={Eye}
        label="View only"
        aria-pressed={isViewOnly}
        onClick={() => {
          if (isViewOnly) take(props);
          else props.onMode('view');
        }}
      />
    </>
  );
}

function take(props: { onMode: (mode: 'control') => void; onDone: () => void }): void {
  props.onMode('control');
  props.onDone();
}

/** The person at the machine allowed watching; control has to be asked of them. */
function ViewOnly({ state, session }: { state: ViewerState; session: ViewerSession }) {
  const [isAsking, setAsking] = useState(false);
  const mayAsk = state.session?.rights.control === true && participantOf(state)?.grant.status === 'allowed';
  return (
    <>
      <Badge tone="neutral">View only</Badge>
      {mayAsk && <ToolbarButton icon={Hand} label="Ask for control" onClick={() => setAsking(true)} />}
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title="Ask for control?"
        confirmLabel="Ask"
        busy={false}
        onConfirm={() => {
          setAsking(false);
          session.askForControl();
        }}
      >
        The person at the machine is asked again. The picture pauses until they answer.
      </ConfirmDialog>
    </>
  );
}
