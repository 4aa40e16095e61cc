// @ts-check
import { compress, compressOnce } from './compress.mjs';
import { tarEnd, tarEntry } from './tar.mjs';

/** Seldom changes and takes minutes to compress. It comes first, as a stream of its own. */
const RUNTIME = /^(node\.exe$|node_modules\/)/;
/** @typedef {{ path: string, content: Buffer }} PackInput */

/**
 * One tar archive in two streams of xz, one behind the other: a change of the agent's own code leaves the first alone.
 *
 * @param {readonly PackInput[]} files
 */
export async function packUp(files) {
  const own = entriesOf(files, false);
  return Buffer.concat(
    await Promise.all([compressRuntime(files), compress(Buffer.concat([...own, tarEnd()]))]),
  );
}

/**
 * The first stream: what is not the agent's own. It is kept once it is made, so that it can be begun early.
 *
 * @param {readonly PackInput[]} files
 */
export function compressRuntime(files) {
  return compressOnce(Buffer.concat(entriesOf(files, true)));
}

/**
 * @param {readonly PackInput[]} files
 * @param {boolean} isRuntime
 */
function entriesOf(files, isRuntime) {
  return files
    .filter(({ path }) => RUNTIME.test(path) === isRuntime)
    .map(({ path, content }) => tarEntry(path, content));
}
