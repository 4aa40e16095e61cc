import { nativeBench } from './native/native-bench.ts';
import { streamBench } from './stream/stream-bench.ts';
import { withReport } from './support/report.ts';

const BENCHES = { stream: streamBench, native: nativeBench } as const;

const [name = '', ...flags] = process.argv.slice(2);
if (!Object.hasOwn(BENCHES, name)) {
  console.error(
    `Usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--json] [--quick] [--size WIDTHxHEIGHT]`,
  );
  process.exit(2);
}
const size = flags[flags.indexOf('--size') + 1];
const report = await withReport(name, (notes) =>
  BENCHES[name as keyof typeof BENCHES]({
    quick: flags.includes('--quick'),
    sizes: flags.includes('--size') && size ? [size] : ['1280x720', '1920x1080'],
    notes,
    log: (line) => console.error(line),
  }),
);
console.log(JSON.stringify(report, null, flags.includes('--json') ? undefined : 2));
process.exit(0);
