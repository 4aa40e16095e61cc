import { createPublicKey, createVerify } from 'node:crypto';
import {
  CHAIN_START,
  type HashedEntry,
  hashEntry,
  hashHead,
  hashPayload,
  type StreamHead,
} from './audit-entry.ts';

/** An exported entry; `details` is null where retention has deleted them. */
export interface ExportedEntry extends HashedEntry {
  readonly sequence: number;
  readonly hash: string;
  readonly details: Record<string, unknown> | null;
}

export interface ExportedHead {
  readonly id: number;
  readonly at: number;
  readonly heads: Record<string, StreamHead>;
  readonly previousHash: string;
  readonly hash: string;
  readonly signature: string;
}

/** A whole export: entries in order of their sequence, heads in order of their id. */
export interface AuditExport {
  readonly entries: readonly ExportedEntry[];
  readonly heads: readonly ExportedHead[];
  /** SPKI in base64url; compare it with one noted down elsewhere. */
  readonly publicKey: string;
}

/**
 * Checks an export without the server: every hash, the order of each stream, every signature, and that no stream
 * has lost entries that a signed head covers. Returns what is wrong, in plain words; nothing when all is well.
 */
export function verifyAudit({ entries, heads, publicKey }: AuditExport): string[] {
  const streams = new Map<string, ExportedEntry[]>();
  for (const entry of entries) streams.set(entry.stream, [...(streams.get(entry.stream) ?? []), entry]);
  const faults: string[] = [];
  for (const [stream, chain] of streams) faults.push(...checkChain(stream, chain));
  let previousHash = CHAIN_START;
  for (const head of heads) {
    faults.push(...checkHead(head, previousHash, publicKey), ...checkCover(head, streams));
    previousHash = head.hash;
  }
  return faults;
}

function checkChain(stream: string, chain: ExportedEntry[]): string[] {
  const faults: string[] = [];
  const inOrder = [...chain].sort((left, right) => left.streamSequence - right.streamSequence);
  let previousHash = CHAIN_START;
  inOrder.forEach((entry, index) => {
    const name = `entry ${entry.streamSequence} of ${stream}`;
    if (entry.streamSequence !== index + 1) faults.push(`before ${name} an entry is missing or doubled`);
    if (entry.previousHash !== previousHash) faults.push(`${name} does not follow the one before it`);
    if (hashEntry(entry) !== entry.hash) faults.push(`${name} was changed`);
    if (entry.details !== null && hashPayload(entry.details) !== entry.payloadHash) {
      faults.push(`the details of ${name} were changed`);
    }
    previousHash = entry.hash;
  });
  return faults;
}

function checkHead(head: ExportedHead, previousHash: string, publicKey: string): string[] {
  const faults: string[] = [];
  if (head.previousHash !== previousHash) faults.push(`head ${head.id} does not follow the one before it`);
  if (hashHead(head) !== head.hash) faults.push(`head ${head.id} was changed`);
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' });
  const isSigned = createVerify('sha256')
    .update(head.hash)
    .verify({ key, dsaEncoding: 'ieee-p1363' }, Buffer.from(head.signature, 'base64url'));
  if (!isSigned) faults.push(`head ${head.id} is not signed by this key`);
  return faults;
}

function checkCover(head: ExportedHead, streams: ReadonlyMap<string, ExportedEntry[]>): string[] {
  return Object.entries(head.heads).flatMap(([stream, { sequence, hash }]) => {
    const entry = streams.get(stream)?.find((candidate) => candidate.streamSequence === sequence);
    if (!entry) return [`${stream} has lost entry ${sequence}, which head ${head.id} covers`];
    return entry.hash === hash
      ? []
      : [`entry ${sequence} of ${stream} is not the one that head ${head.id} covers`];
  });
}
