// @ts-check
import { SetupError } from './progress.mjs';

/** Throws unless this Node is at least 20.19, the first one that every dependency accepts. */
export function checkNodeVersion(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(
    `GuruConnect needs Node.js 20.19 or newer; this is ${version}. See https://nodejs.org/en/download`,
  );
}
