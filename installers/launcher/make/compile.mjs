// @ts-check
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cache = join(homedir(), '.cache', 'guruconnect', 'launcher');

/**
 * @typedef {object} Unit Sources that are compiled alike.
 * @property {string} compiler
 * @property {readonly string[]} flags
 * @property {string} root Prefix of all paths, which must not reach the result.
 * @property {readonly string[]} sources Below the root.
 * @property {readonly string[]} headers Files and folders below the root; a change in one compiles everything anew.
 */

/**
 * Compiles each source into an object of its own, several at once; what was compiled before is not compiled again.
 *
 * @param {Unit} unit
 * @returns {Promise<string[]>} The objects, in the order of the sources.
 */
export async function compileAll({ compiler, flags, root, sources, headers }) {
  const { stdout: version } = await run(compiler, ['-dumpfullversion']);
  const base = createHash('sha256').update([compiler, version, ...flags].join('\0'));
  for (const header of headers.flatMap((path) => headersBelow(join(root, path))).sort()) {
    base.update(header.slice(root.length)).update(readFileSync(header));
  }
  const common = base.digest('hex');
  const reproducible = [`-ffile-prefix-map=${root}=.`, '-fno-ident'];
  return inParallel(sources, async (source) => {
    const path = join(root, source);
    const hash = createHash('sha256').update(common).update(source).update(readFileSync(path)).digest('hex');
    const object = join(cache, hash.slice(0, 2), `${hash.slice(2, 32)}.o`);
    if (existsSync(object)) return object;
    mkdirSync(dirname(object), { recursive: true });
    const fresh = `${object}.${process.pid}.o`;
    await runCompiler(compiler, [...flags, ...reproducible, '-c', path, '-o', fresh]);
    renameSync(fresh, object);
    return object;
  });
}

/**
 * Links objects into a program; the same objects are linked once.
 *
 * @param {{ compiler: string, flags: readonly string[], objects: readonly string[], name: string }} options
 */
export async function link({ compiler, flags, objects, name }) {
  const hash = createHash('sha256').update([compiler, name, ...flags].join('\0'));
  for (const object of objects) hash.update(readFileSync(object));
  const program = join(cache, 'programs', hash.digest('hex').slice(0, 32), name);
  if (existsSync(program)) return program;
  mkdirSync(dirname(program), { recursive: true });
  const fresh = `${program}.${process.pid}`;
  await runCompiler(compiler, [...objects, ...flags, '-o', fresh]);
  renameSync(existsSync(fresh) ? fresh : `${fresh}.exe`, program);
  return program;
}

/**
 * @param {string} compiler
 * @param {string[]} args
 */
async function runCompiler(compiler, args) {
  try {
    await run(compiler, args, { maxBuffer: 1 << 24 });
  } catch (error) {
    const words = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new Error(`${basename(compiler)} did not accept its input:\n${words}`);
  }
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function headersBelow(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return [];
  if (stat.isFile()) return path.endsWith('.h') ? [path] : [];
  return readdirSync(path).flatMap((name) => headersBelow(join(path, name)));
}

/**
 * @template In, Out
 * @param {readonly In[]} items
 * @param {(item: In) => Promise<Out>} work
 */
async function inParallel(items, work) {
  /** @type {Out[]} */
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next++;
      const item = items[at];
      if (item !== undefined) results[at] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}
