import type { Capability, CursorMessage, SessionView } from '@guruconnect/shared';
import type { PathPolicy } from '../../lib/rtc/path-policy.ts';
import type { MakePeer } from '../../lib/rtc/peer.ts';
import type { PeerLink } from '../../lib/rtc/peer-link.ts';
import type { Timing } from '../../lib/rtc/timing.ts';
import type { TileLayers } from '../../lib/tiles/tile-layers.ts';
import type { ViewerSignaling } from './viewer-signaling.ts';
import type { ViewerWishes } from './viewer-wishes.ts';

export interface ViewerSessionDeps {
  readonly signaling: ViewerSignaling;
  readonly makePeer: MakePeer;
  readonly policy: PathPolicy;
  readonly timing: Timing;
  readonly mode: Capability;
  /** Only makes its peer and waits for `begin`, which the person's click on Join calls. */
  readonly isHeld?: boolean;
  /** The session as it was a moment ago: what the page says before the first answer, and whom it waits for. */
  readonly known?: SessionView | undefined;
  /** Expects agents of this session to have this key from now on. */
  pinAgent(agentKey: string): Promise<void>;
  /** Pictures and pointer pictures go past React, straight to what draws them. */
  onPicture(stream: MediaStream, track: number): void;
  /** The stream that is shown ends now; its last picture stays. */
  onPictureEnds(): void;
  /** Nothing of the remote desktop may be shown any more. */
  onPictureGone(): void;
  onCursor(message: CursorMessage | { readonly type: 'reset' }): void;
  readonly wishes: ViewerWishes;
  readonly tiles: Pick<TileLayers<PeerLink>, 'receive' | 'coming' | 'shown' | 'keep'>;
}
