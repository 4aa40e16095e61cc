import {
  type Capability,
  capabilitiesOf,
  type PeerCloseReason,
  type SessionState,
} from '@guruconnect/shared';
import type { PeerRow } from '../../db/schema/sessions.ts';

/** What a peer is worth as the session stands. */
export type PeerStanding =
  | { readonly kind: 'live'; readonly capabilities: readonly Capability[] }
  /** It may stand and wait, but shows nothing: nobody joined yet, or nobody answered yet. */
  | { readonly kind: 'warm'; readonly capabilities: readonly [] }
  | { readonly kind: 'lost'; readonly reason: PeerCloseReason };

/** Says so of one peer. Whether its person may watch the session at all is asked elsewhere. */
export function standingOf(state: SessionState, peer: Pick<PeerRow, 'participantId' | 'warm'>): PeerStanding {
  if (state.lifecycle.phase !== 'open') return { kind: 'lost', reason: 'session-ended' };
  const grant = state.participants.find((one) => one.id === peer.participantId)?.grant;
  // Whoever said no, or wants a pause, is not to be watched a moment later by a peer that stood ready.
  if (grant?.status === 'refused') return { kind: 'lost', reason: 'consent-withdrawn' };
  if (grant?.status === 'paused') return { kind: 'lost', reason: 'paused' };
  if (grant?.status !== 'allowed' || peer.warm) return { kind: 'warm', capabilities: [] };
  return { kind: 'live', capabilities: capabilitiesOf(state, peer.participantId) };
}
