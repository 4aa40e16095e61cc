import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import type { Deflate } from './pack-tiles.ts';

const run = promisify(deflateRaw);

/** Raw deflate on the thread pool. */
export const deflate: Deflate = (bytes) => run(bytes, { level: 7, memLevel: 9 });
