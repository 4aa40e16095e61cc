// @ts-check
import { compress } from './compress.mjs';
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
  const entries = (/** @type {boolean} */ isRuntime) =>
    files
      .filter(({ path }) => RUNTIME.test(path) === isRuntime)
      .map(({ path, content }) => tarEntry(path, content));
  const streams = [Buffer.concat(entries(true)), Buffer.concat([...entries(false), tarEnd()])];
  return Buffer.concat(await Promise.all(streams.map((stream) => compress(stream))));
}
