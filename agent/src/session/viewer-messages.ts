import {
  type ChannelLabel,
  GuruError,
  type InputMessage,
  type ViewerControlMessage,
} from '@guruconnect/shared';
import type { Complaints } from './complaints.ts';
import type { InputDispatcher } from './input-dispatcher.ts';
import type { Lease } from './lease.ts';
import { parseViewerControl, parseViewerInput } from './parse-viewer-message.ts';
import type { VideoRouter } from './video-router.ts';

export interface ViewerMessagesDeps {
  /** Whose messages these are. */
  readonly peerId: string;
  readonly lease: Pick<Lease, 'allows'>;
  readonly input: Pick<InputDispatcher, 'dispatch' | 'pressCtrlAltDelete'>;
  readonly video: Pick<VideoRouter, 'keyFrameWanted' | 'modeChanged'>;
  readonly complaints: Pick<Complaints, 'refuse'>;
  readonly onPing: (n: number) => void;
  readonly onResume: (peerId: string) => void;
  readonly onShow: (displays: readonly number[]) => void;
}

/** Reads what a viewer sends and does what its grant allows. */
export class ViewerMessages {
  readonly #deps: ViewerMessagesDeps;
  #newestInputId = 0;
  #inputEnded = false;

  constructor(deps: ViewerMessagesDeps) {
    this.#deps = deps;
  }

  /**
   * Nothing of this viewer's hands counts from now on: another of its peers goes on. Returns the newest message of the
   * `input` channel that was carried out, 0 for none.
   */
  endInput(): number {
    this.#inputEnded = true;
    return this.#newestInputId;
  }

  /** Throws `invalid-message` for what makes no sense. */
  receive(label: ChannelLabel, data: string | Uint8Array): void {
    if (label === 'control') this.#takeControl(parseViewerControl(data));
    else if (label === 'input' || label === 'move') this.#takeInput(label, parseViewerInput(label, data));
    else throw GuruError.invalid(`Nothing is expected on '${label}'.`);
  }

  #takeInput(label: 'input' | 'move', message: InputMessage): void {
    if (this.#inputEnded || message.type === 'nudge') return;
    if (label === 'input') this.#newestInputId = message.inputId;
    const { lease, input, complaints, peerId } = this.#deps;
    if (lease.allows('control')) input.dispatch(peerId, message);
    // Letting go needs no right, and everything was released when control was lost.
    else if (message.type !== 'release-all') complaints.refuse('input', 'You do not have control.');
  }

  #takeControl(message: ViewerControlMessage): void {
    const { lease, input, video, complaints, peerId, onPing, onShow, onResume } = this.#deps;
    switch (message.type) {
      case 'ping':
        onPing(message.n);
        break;
      case 'select-display':
        onShow([message.display]);
        break;
      case 'resume':
        onResume(message.peerId);
        break;
      case 'show-displays':
        onShow(message.displays);
        break;
      case 'set-quality':
        video.modeChanged(peerId, message.mode);
        break;
      case 'refresh':
        video.keyFrameWanted(peerId);
        break;
      case 'special-keys': {
        const refusal = lease.allows('control')
          ? input.pressCtrlAltDelete(peerId)
          : 'You do not have control.';
        if (refusal !== undefined) complaints.refuse('special-keys', refusal);
        break;
      }
    }
  }
}
