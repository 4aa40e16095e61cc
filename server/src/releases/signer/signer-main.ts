import * as z from 'zod/mini';
import { createSignerProcess } from './signer-process.ts';

/**
 * The process that signs Windows programs. It alone reads the certificate, its key and the password; the server can
 * ask it and nothing else. Arguments: the folder whose files it signs; by variable, which files hold the certificate.
 */
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

const [folder, variables] = process.argv.slice(2);
if (!folder || !variables) throw new Error('usage: signer <folder of programs> <names of files as JSON>');
const signer = createSignerProcess({
  variables: z.parse(z.record(z.string(), z.string()), JSON.parse(variables)),
  folder,
  answer: (message) => {
    if (process.connected) process.send?.(message);
  },
});
process.on('message', (raw) => signer.take(raw));
