import { createHash } from 'node:crypto';

/** Hashes for ever and tells how often it did when it is asked. */
const BLOCK = Buffer.alloc(64 * 1024);
let rounds = 0;

process.on('message', () => process.send?.(rounds));
process.on('disconnect', () => process.exit(0));

function work(): void {
  for (let i = 0; i < 20; i += 1) {
    createHash('sha256').update(BLOCK).digest();
    rounds += 1;
  }
  // Lets the question in.
  setImmediate(work);
}
work();
