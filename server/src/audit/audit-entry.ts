import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/canonical-json.ts';

/** What of an entry its hash covers. */
export interface HashedEntry {
  readonly stream: string;
  readonly streamSequence: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly sessionId: string | null;
  readonly address: string | null;
  readonly payloadHash: string;
  readonly previousHash: string;
}

/** The previous hash of a stream's first entry. */
export const CHAIN_START = '';

/** Hash of what an entry says; the entry covers only this, so that retention may delete the text. */
export function hashPayload(details: Record<string, unknown>): string {
  return sha256(canonicalJson(details));
}

/** Hash of an entry, which covers the one before it. */
export function hashEntry(entry: HashedEntry): string {
  const { stream, streamSequence, at, actor, action, sessionId, address, payloadHash, previousHash } = entry;
  return sha256(
    canonicalJson({
      stream,
      streamSequence,
      at,
      actor,
      action,
      sessionId,
      address,
      payloadHash,
      previousHash,
    }),
  );
}

/** The newest entry of a stream when a head was signed. */
export interface StreamHead {
  /** Its number in the stream. */
  readonly sequence: number;
  readonly hash: string;
  /** Its number in the whole log. */
  readonly entry: number;
}

/** Hash of a head over several streams, which covers the head before it. */
export function hashHead(head: {
  at: number;
  heads: Record<string, StreamHead>;
  previousHash: string;
}): string {
  return sha256(canonicalJson({ at: head.at, heads: head.heads, previousHash: head.previousHash }));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
