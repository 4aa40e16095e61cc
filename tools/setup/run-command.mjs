// @ts-check
import { spawn } from 'node:child_process';
import { failureWithLog } from './progress.mjs';

/**
 * Runs a program to its end and returns what it printed (both streams, in order).
 * Rejects with the end of the output, and the whole of it in a log file, when it fails.
 *
 * @param {string} what For the error, for example `npm ci`.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<string>}
 */
export function runCommand(what, program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => reject(failureWithLog(what, String(error))));
    child.on('close', (code, signal) => {
      const output = Buffer.concat(chunks).toString('utf8');
      if (code === 0) resolve(output);
      else reject(failureWithLog(what, `${output}\n(${program} ended with ${signal ?? code})`));
    });
  });
}
