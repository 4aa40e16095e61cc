import { beforeAll, describe, expect, test } from 'vitest';
import { newPerson } from './support/launch-browser.ts';
import { Lab } from './support/network/lab.ts';
import {
  connectThrough,
  exposePeers,
  NAT_CASES,
  type NatOutcome,
  type NatRig,
} from './support/network/nat-case.ts';
import { startTurnServer, turnUnavailable } from './support/network/turn-server.ts';
import { namespacesUnavailable } from './support/network-namespace.ts';
import { signInPage } from './support/sign-in-page.ts';
import { stageOfThisFile } from './support/stage.ts';
import { runXProgram } from './support/x-programs.ts';

const stage = stageOfThisFile();
const unavailable = namespacesUnavailable() ?? turnUnavailable();
if (unavailable) console.warn(`Not connecting through routers: ${unavailable}.`);
let rig: NatRig;

describe.skipIf(unavailable !== undefined)('behind routers', () => {
  beforeAll(async () => {
    const lab = await Lab.create({ hasRouters: true });
    stage.defer(() => lab.close());
    await lab.link.set({ rate: 20_000_000, delayMs: 10, queueMs: 300 });
    const env = await startTurnServer(lab, 'a secret for the tests alone');
    const stack = await stage.startStack({ place: lab.place, env });
    const desktop = await stage.startDesktop({ width: 1280, height: 720, windowManager: false });
    // So that there is something to carry.
    await runXProgram(desktop, 'frame-source', ['text', '20']);
    const session = await stack.createSession({ consentRequired: false });
    const wrap = lab.agent.inside;
    const agent = await stage.startAgent({
      server: stack.url,
      code: session.code,
      desktop,
      wrap,
      args: ['--log', 'info'],
    });
    const context = await newPerson(await lab.launchBrowser(lab.viewer));
    await exposePeers(context);
    const dashboard = await context.newPage();
    await signInPage(dashboard, stack.url, stack.adminUser);
    await dashboard.close();
    rig = { lab, agent, context, url: stack.url, sessionId: session.id };
  });

  test.for(NAT_CASES.map((one) => [one.name, one.what, one.way, one] as const))(
    '%s: with %s the picture comes, by way of %s (V9, R3)',
    async ([name, what, way, one], { skip }) => {
      const outcome = await connectThrough(rig, one);
      console.log(`${name}: ${JSON.stringify(outcome)}`);
      // Nothing but the relay passes here; a product that has none in this build says so and goes on.
      if (way === 'relay' && !outcome.connected) {
        console.warn(`${name}: with ${what} nothing connects yet: there is no path over TCP.`);
        skip('no path over TCP yet');
      }
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
    expect(shown).not.toBe('direct');
    expect(pathViewer).toContain('relay');
    expect(pathAgent).toContain('relay');
  },
  relay({ pathViewer, shown }) {
    expect(shown).not.toBe('direct');
    // No peer connection of the browser's is up: it is a WebSocket.
    expect(pathViewer).toBeNull();
  },
};
