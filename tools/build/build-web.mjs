// @ts-check
import { join } from 'node:path';
import { runCommand } from '../setup/run-command.mjs';

/**
 * Builds the portal, dashboard and viewer into `dist/web`.
 *
 * @param {string} root
 */
export async function buildWeb(root) {
  await runCommand(
    'vite build',
    process.execPath,
    [
      join(root, 'node_modules', 'vite', 'bin', 'vite.js'),
      'build',
      '--outDir',
      join(root, 'dist', 'web'),
      '--emptyOutDir',
    ],
    { cwd: join(root, 'web'), env: { ...process.env, NODE_ENV: 'production' } },
  );
}
