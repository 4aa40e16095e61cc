/**
 * Fetches the source of a Debian package without touching the machine's own settings of apt: the places it gets its
 * packages from are asked for sources, with their signatures checked as ever, in a state folder of our own.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { printed, run } from './files.mjs';

const sourcesDir = '/etc/apt/sources.list.d';

/**
 * Unpacks the source with Debian's patches below `into` and returns its folder. Needs the network.
 * Throws an Error that tells which step failed and what apt said.
 */
export async function fetchDebianSource({ name, version, into }) {
  const aptDir = path.join(into, 'apt');
  const options = await ownApt(aptDir);
  const step = (what, command, args) =>
    run(command, args, { cwd: into, maxBuffer: 16 * 1024 * 1024 }).catch((error) => {
      throw new Error(`${what}: ${String(error.stderr ?? error.message).trim()}`, { cause: error });
    });
  await step('the lists of source packages were not fetched', 'apt-get', [...options, 'update']);
  // Refuses what the signed lists do not name with this hash.
  await step(`the source of ${name} ${version} was not fetched`, 'apt-get', [
    ...[...options, 'source', '--download-only', '--only-source', `${name}=${version}`],
  ]);
  const description = (await readdir(into)).find((file) => file.endsWith('.dsc'));
  if (description === undefined) throw new Error(`apt-get fetched no source of ${name} ${version}`);
  const folder = path.join(into, 'source');
  await step('the source was not unpacked', 'dpkg-source', ['--no-check', '-x', description, folder]);
  return folder;
}

/** Options that keep apt-get within `dir`. */
async function ownApt(dir) {
  for (const needed of ['lists/partial', 'cache/archives/partial', 'sources.list.d']) {
    await mkdir(path.join(dir, needed), { recursive: true });
  }
  const { deb822, oneLine } = await readPlaces();
  await writeFile(path.join(dir, 'sources.list.d', 'sources.sources'), deb822);
  await writeFile(path.join(dir, 'sources.list.d', 'sources.list'), oneLine);
  const settings = {
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': path.join(dir, 'sources.list.d'),
    'Dir::State::lists': path.join(dir, 'lists'),
    'Dir::Cache': path.join(dir, 'cache'),
    // Run by root, apt would hand the fetching to a user that may not write here.
    'APT::Sandbox::User': await currentUser(),
  };
  return ['-q', ...Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`])];
}

const currentUser = async () => (await printed('id', ['-un'])).trim();

/** The machine's own places for packages, each asked for sources instead. */
async function readPlaces() {
  const names = await readdir(sourcesDir).catch(() => []);
  const read = (file) => readFile(file, 'utf8').catch(() => '');
  const inDir = (extension) =>
    Promise.all(
      names.filter((name) => name.endsWith(extension)).map((name) => read(path.join(sourcesDir, name))),
    );
  const lines = [await read('/etc/apt/sources.list'), ...(await inDir('.list'))].join('\n');
  const stanzas = (await inDir('.sources')).join('\n\n');
  return {
    deb822: stanzas.replace(/^Types:.*$/gm, 'Types: deb-src'),
    oneLine: lines.replace(/^deb(-src)?\s/gm, 'deb-src '),
  };
}
