import type { HandshakeRefusal } from '@guruconnect/shared';

/** What the handshake of a peer showed. */
export interface PeerSecurity {
  /** The person at the machine sees the same three when nobody is in between. */
  readonly words: readonly string[];
  /** Thumbprint of the agent's key. */
  readonly agentKey: string;
  /** `known`: it is the key that this browser met in this session before. */
  readonly pinned: 'new' | 'known';
}

/** Why a peer is not to be trusted: nothing of it is shown, and nothing is sent to it. */
export type SecurityAlarm =
  /** The agent is not the one that this browser met in this session first. */
  | { readonly kind: 'changed-key'; readonly agentKey: string; readonly pinnedKey: string }
  /** Something that both ends must agree on differs: somebody changed it on the way. */
  | { readonly kind: 'mismatch'; readonly what: MismatchedPart }
  /** The agent does not trust this browser. */
  | { readonly kind: 'refused'; readonly why: HandshakeRefusal }
  /** This browser cannot do it: it keeps no keys, the page did not come over HTTPS, or another browser signed in. */
  | { readonly kind: 'unable'; readonly why: 'insecure-page' | 'no-storage' | 'other-browser' };

export type MismatchedPart =
  /** The agent offered a connection without a handshake. */
  | 'handshake'
  /** The agent's keys are not those it had promised. */
  | 'promise'
  /** The agent signed another connection, another session, or another browser. */
  | 'signature';
