import { ArrowRightLeft, Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { TransferDialog } from '../../components/transfer-dialog.tsx';
import type { SessionCooperation } from './session-cooperation.ts';
import { ToolbarButton } from './toolbar-button.tsx';
import { participantOf, type ViewerState } from './viewer-state.ts';

/** Pause, resume and transfer, where they may be done now. */
export function CooperationButtons(props: {
  state: ViewerState;
  cooperation: SessionCooperation;
  onDone: () => void;
}) {
  const { state, cooperation } = props;
  const [isOffering, setOffering] = useState(false);
  const status = participantOf(state)?.grant.status;
  const mayOffer = state.session?.rights.transfer === true && !state.session.transfer;
  return (
    <>
      {status === 'allowed' && (
        <ToolbarButton icon={Pause} label="Pause" onClick={() => cooperation.pause()} />
      )}
      {status === 'paused' && (
        <ToolbarButton
          icon={Play}
          label="Resume"
          onClick={() => {
            cooperation.resume();
            props.onDone();
          }}
        />
      )}
      {mayOffer && (
        <ToolbarButton icon={ArrowRightLeft} label="Transfer…" onClick={() => setOffering(true)} />
      )}
      {isOffering && (
        <TransferDialog
          loadChoices={() => cooperation.choices()}
          offer={(to, note) => cooperation.offer(to, note)}
          onClose={() => setOffering(false)}
        />
      )}
    </>
  );
}
