import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { architectureSources, checkArchitecture } from '../check-architecture.ts';
import { protocolDocIsCurrent } from '../protocol-doc.ts';
import { type LockFile, missingPlatformPackages } from './lock-file.ts';

/** One thing that holds for the repository or does not; `run` returns what is wrong, nothing when it holds. */
export interface Check {
  readonly title: string;
  run(root: string): Promise<string>;
}

/** What must hold before any test is worth running: format, lint, arrows, lock file, documents, types. */
export const CHECKS: readonly Check[] = [
  {
    title: 'format and lint',
    run: (root) => problemsOf(root, bin('@biomejs/biome/bin/biome'), ['ci', '--colors=off', '.']),
  },
  {
    title: 'architecture',
    run: async (root) =>
      checkArchitecture(architectureSources(root))
        .map((breach) => `${breach.path} ${breach.problem}`)
        .join('\n'),
  },
  {
    title: 'lock file',
    run: async (root) => {
      const lock: LockFile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
      return missingPlatformPackages(lock).join('\n');
    },
  },
  {
    title: 'docs/protocol.md',
    run: async (root) =>
      protocolDocIsCurrent(root) ? '' : 'docs/protocol.md is stale: npm run check -- --write-docs',
  },
  ...['shared', 'server', 'web', 'agent', 'sfu', '.'].map((project) => ({
    title: `types of ${project === '.' ? 'tools, e2e and tests' : project}`,
    run: (root: string) => problemsOf(root, bin('typescript/bin/tsc'), ['-p', project]),
  })),
];

const bin = (path: string) => join('node_modules', path);

/** Runs a script of a package; resolves with its output when it fails and with nothing when it succeeds. */
function problemsOf(root: string, script: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0 ? '' : output.trim() || `ended with ${code}`));
  });
}
