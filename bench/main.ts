import { agentBench } from './agent/agent-bench.ts';
import { machinesBench } from './machines/machines-bench.ts';
import { nativeBench } from './native/native-bench.ts';
import { networkBench } from './network/network-bench.ts';
import { presenceBench } from './presence/presence-bench.ts';
import { releasesBench } from './releases/releases-bench.ts';
import { soakBench } from './soak/soak-bench.ts';
import { streamBench } from './stream/stream-bench.ts';
import { withReport } from './support/report.ts';
import { windowsBench } from './windows/windows-bench.ts';

const BENCHES = {
  agent: agentBench,
  machines: machinesBench,
  native: nativeBench,
  network: networkBench,
  presence: presenceBench,
  releases: releasesBench,
  soak: soakBench,
  stream: streamBench,
  windows: windowsBench,
} as const;
const USAGE = `Usage: npm run bench -- stream [--json] [--quick] [--size WIDTHxHEIGHT]
       npm run bench -- native [--json] [--quick] [--size WIDTHxHEIGHT]
       npm run bench -- network [--json] [--quick] [--profile NAME[,NAME…]] [--no-reference]
       npm run bench -- machines [--json] [--quick]
       npm run bench -- presence [--json] [--quick] [--agents N]
       npm run bench -- releases [--json] [--quick]
       npm run bench -- soak [--json] [--quick] [--minutes N]
       npm run bench -- agent [--json] [--quick] [--minutes N]
       npm run bench -- windows [--json] [--quick]`;

const [name = '', ...flags] = process.argv.slice(2);
if (!Object.hasOwn(BENCHES, name)) {
  console.error(USAGE);
  process.exit(2);
}
/** What follows the flag. */
const valueAfter = (flag: string) => (flags.includes(flag) ? flags[flags.indexOf(flag) + 1] : undefined);
const size = valueAfter('--size');
const minutes = valueAfter('--minutes');
const agents = valueAfter('--agents');

function onInterrupt(task: () => Promise<void>): () => void {
  const stop = () => void task().finally(() => process.exit(130));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, stop);
  return () => {
    for (const signal of signals) process.removeListener(signal, stop);
  };
}

const report = await withReport(name, (notes) =>
  BENCHES[name as keyof typeof BENCHES]({
    quick: flags.includes('--quick'),
    sizes: size ? [size] : ['1280x720', '1920x1080'],
    ...(minutes ? { minutes: Number(minutes) } : {}),
    ...(agents ? { agents: Number(agents) } : {}),
    profiles: valueAfter('--profile')?.split(',') ?? [],
    withoutReference: flags.includes('--no-reference'),
    notes,
    log: (line) => console.error(line),
    onInterrupt,
  }),
);
console.log(JSON.stringify(report, null, flags.includes('--json') ? undefined : 2));
process.exit(0);
