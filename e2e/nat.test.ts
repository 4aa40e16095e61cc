import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Cleanup } from '../tools/stack/cleanup.ts';
import { natUnavailable, startNatRig } from './support/network/lab-rig.ts';
import { connectThrough, NAT_CASES, type NatOutcome, type NatRig } from './support/network/nat-case.ts';
import { ROOT } from './support/stage.ts';

const unavailable = natUnavailable();
if (unavailable) console.warn(`Not connecting through routers: ${unavailable}.`);

describe.skipIf(unavailable !== undefined)('behind routers', () => {
  const cleanup = new Cleanup();
  let rig: NatRig;

  beforeAll(async () => {
    rig = await startNatRig(ROOT, cleanup);
  });
  afterAll(() => cleanup.run());
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.error(rig.agent.output.slice(-6_000));
  });

  test.for(NAT_CASES.map((one) => [one.name, one.what, one.way, one] as const))(
    '%s: with %s the picture comes, by way of %s (V9, R3)',
    async ([name, , , one]) => {
      const outcome = await connectThrough(rig, one);
      console.log(`${name}: ${JSON.stringify(outcome)}`);
      expect(outcome.connected).toBe(true);
      expectPath[one.way](outcome);
      // What the ends say is what the wire shows: the picture took this way, and none of it another.
      const { [one.way]: taken, ...others } = outcome.traffic;
      expect(taken).toBeGreaterThan(20_000);
      for (const bytes of Object.values(others)) expect(bytes).toBeLessThan(taken / 10);
      expect(outcome.bytesAtLink).toBeGreaterThan(taken / 3);
    },
  );
});

/** Behind a router nobody is reached by the address that it knows of itself. */
const SEEN_FROM_OUTSIDE = /srflx|prflx/;

const expectPath: Record<(typeof NAT_CASES)[number]['way'], (outcome: NatOutcome) => void> = {
  direct({ pathAgent, pathViewer, shown }) {
    expect(shown).toBe('direct');
    expect(pathViewer).toMatch(SEEN_FROM_OUTSIDE);
    expect(pathViewer).not.toContain('relay');
    expect(pathAgent).toMatch(SEEN_FROM_OUTSIDE);
    expect(pathAgent).not.toContain('relay');
  },
  turn({ pathAgent, pathViewer, shown }) {
    expect(shown).toBe('turn');
    expect(pathViewer).toContain('relay');
    expect(pathAgent).toContain('relay');
  },
  relay({ pathAgent, pathViewer, shown }) {
    expect(shown).toBe('relay');
    expect(pathAgent).toBe('websocket');
    // No peer connection of the browser's is up: it is a WebSocket.
    expect(pathViewer).toBeNull();
  },
};
