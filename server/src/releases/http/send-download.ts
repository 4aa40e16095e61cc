import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';

/** Bytes, or a piece of a file: `end` is the first byte that does not belong to it. */
export type DownloadPart =
  | Uint8Array
  | { readonly path: string; readonly start: number; readonly end: number };

export interface Download {
  readonly parts: readonly DownloadPart[];
  /** The same for the same bytes. */
  readonly etag: string;
  readonly type: string;
  /** Name to be saved under, of harmless characters; undefined: it is not for people. */
  readonly fileName?: string | undefined;
  readonly cache: 'immutable' | 'ask-first' | 'never';
}

const CACHE_CONTROL = {
  immutable: 'public, max-age=31536000, immutable, no-transform',
  'ask-first': 'private, no-cache, no-transform',
  never: 'no-store, no-transform',
};

/** Streams a download, or one range of it. */
export async function sendDownload(request: Request, response: Response, download: Download): Promise<void> {
  const { parts, etag, type, fileName, cache } = download;
  const size = parts.reduce((sum, part) => sum + lengthOf(part), 0);
  response.set({
    'Accept-Ranges': 'bytes',
    'Cache-Control': CACHE_CONTROL[cache],
    'Content-Type': type,
    ETag: `"${etag}"`,
    ...(fileName === undefined ? {} : { 'Content-Disposition': `attachment; filename="${fileName}"` }),
  });
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  const range = wantedRange(request, size, `"${etag}"`);
  if (range === 'unsatisfiable') {
    response.status(416).set('Content-Range', `bytes */${size}`).end();
    return;
  }
  if (range) response.status(206).set('Content-Range', `bytes ${range.start}-${range.end - 1}/${size}`);
  const { start, end } = range ?? { start: 0, end: size };
  response.set('Content-Length', String(end - start));
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  try {
    await pipeline(Readable.from(bytesOf(parts, start, end), { objectMode: false }), response);
  } catch (error) {
    // Whoever fetched it went away; a file that cannot be read ends the connection before its length.
    if (!response.writableEnded) response.destroy(error instanceof Error ? error : undefined);
  }
}

/** A single range that holds for these bytes; several at once are answered with all of them. */
function wantedRange(
  request: Request,
  size: number,
  etag: string,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const condition = request.get('if-range');
  if (condition !== undefined && condition !== etag) return undefined;
  const ranges = request.range(size, { combine: true });
  if (ranges === -1) return 'unsatisfiable';
  if (!Array.isArray(ranges) || ranges.type !== 'bytes' || ranges.length !== 1 || !ranges[0])
    return undefined;
  return { start: ranges[0].start, end: ranges[0].end + 1 };
}

async function* bytesOf(parts: readonly DownloadPart[], start: number, end: number) {
  let at = 0;
  for (const part of parts) {
    const length = lengthOf(part);
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, length);
    at += length;
    if (from >= to) continue;
    if (part instanceof Uint8Array) yield part.subarray(from, to);
    else yield* createReadStream(part.path, { start: part.start + from, end: part.start + to - 1 });
  }
}

function lengthOf(part: DownloadPart): number {
  return part instanceof Uint8Array ? part.length : part.end - part.start;
}
