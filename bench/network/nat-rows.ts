import { natUnavailable, startNatRig } from '../../e2e/support/network/lab-rig.ts';
import { connectThrough, NAT_CASES, type NatOutcome } from '../../e2e/support/network/nat-case.ts';
import { Cleanup } from '../../tools/stack/cleanup.ts';
import type { BenchOptions } from '../support/report.ts';

const NOTHING = { connected: null, pathAgent: null, pathViewer: null, bytesAtLink: null };

/** Which way two networks behind routers find to each other; null where it was not tried, with the reason. */
export async function natRows(
  root: string,
  names: readonly string[],
  options: BenchOptions,
): Promise<unknown[]> {
  const cases = NAT_CASES.filter(({ name }) => names.includes(name));
  const reason =
    natUnavailable() ??
    (options.quick && options.profiles.length === 0
      ? 'they are left out of a quick run; e2e/nat.test.ts asserts them'
      : undefined);
  if (reason || cases.length === 0) {
    if (cases.length > 0) options.notes.push(`nat-…: null: ${reason}.`);
    return cases.map(({ name, what }) => ({ profile: name, what, ...NOTHING }));
  }
  const cleanup = new Cleanup();
  const undo = options.onInterrupt(() => cleanup.run());
  try {
    const rig = await startNatRig(root, cleanup);
    const rows: unknown[] = [];
    for (const one of cases) {
      options.log(`${one.name} (${one.what})`);
      rows.push({ profile: one.name, what: one.what, ...row(await connectThrough(rig, one)) });
    }
    options.notes.push(
      'nat-…: bytesAtLink in 2 s of scrolling text, both directions; traffic is the same time by its way, counted where all ways meet (TURN counts what comes in and goes out). pathViewer null: no peer connection of the browser carries it.',
    );
    return rows;
  } finally {
    await cleanup.run();
    undo();
  }
}

function row({ shown, ...outcome }: NatOutcome) {
  return { ...outcome, pathShown: shown };
}
