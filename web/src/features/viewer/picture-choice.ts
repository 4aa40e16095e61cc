import type { QualityMode, ViewerControlMessage } from '@guruconnect/shared';
import type { ViewerState } from './viewer-state.ts';
import type { ViewerWishes } from './viewer-wishes.ts';

export interface PictureChoiceDeps {
  readonly wishes: ViewerWishes;
  readonly state: () => ViewerState;
  readonly set: (change: Partial<ViewerState>) => void;
  readonly tell: (message: ViewerControlMessage) => boolean;
  /** Nothing may stay pressed on a display that goes. */
  readonly releaseInput: () => void;
  /** A peer with more tracks is needed. */
  readonly renew: () => void;
}

/** Which displays the technician wants to see, and what the picture should be good at. */
export class PictureChoice {
  readonly #deps: PictureChoiceDeps;

  constructor(deps: PictureChoiceDeps) {
    this.#deps = deps;
  }

  selectDisplay(display: number): void {
    const { wishes, releaseInput, tell, state } = this.#deps;
    releaseInput();
    tell(wishes.chooseDisplay(display, state()));
  }

  showAllDisplays(): void {
    const { wishes, releaseInput, tell, state, renew } = this.#deps;
    releaseInput();
    const { message, needsTracks } = wishes.chooseAll(state());
    tell(message);
    if (needsTracks) renew();
  }

  setQuality(quality: QualityMode): void {
    const { wishes, tell, set } = this.#deps;
    tell(wishes.chooseQuality(quality));
    set({ quality });
  }
}
