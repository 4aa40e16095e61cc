/** `npm run check`: everything that can be said without running the product. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHECKS } from './check/checks.ts';
import { closingLines } from './check/counts.ts';
import { runChecks } from './check/run-checks.ts';
import { writeProtocolDoc } from './protocol-doc.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
if (process.argv.includes('--write-docs')) writeProtocolDoc(root);
const counts = await runChecks(root, CHECKS);
console.log(closingLines(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;
