import type { BrowserContext, Page } from 'playwright-core';
import type { ManagedProcess } from '../../../tools/stack/managed-process.ts';
import { openViewer, untilLive } from '../technician-page.ts';
import type { Lab } from './lab.ts';
import type { RouterKind } from './router.ts';
import { countTraffic, type Traffic } from './traffic.ts';

/** Two networks that are to be connected. */
export interface NatCase {
  readonly name: string;
  readonly what: string;
  readonly agent: RouterKind;
  readonly viewer: RouterKind;
  /** Which way is left. */
  readonly way: keyof Traffic;
}

const CONE: RouterKind = { nat: 'cone' };
const SYMMETRIC: RouterKind = { nat: 'symmetric' };
const NO_UDP: RouterKind = { nat: 'cone', blocksUdp: true };

export const NAT_CASES: readonly NatCase[] = [
  { name: 'nat-cone', what: 'both masqueraded', agent: CONE, viewer: CONE, way: 'direct' },
  {
    name: 'nat-symmetric',
    what: 'a port for each peer on both sides',
    agent: SYMMETRIC,
    viewer: SYMMETRIC,
    way: 'turn',
  },
  {
    name: 'nat-symmetric-agent',
    what: 'a port for each peer before the agent',
    agent: SYMMETRIC,
    viewer: CONE,
    way: 'turn',
  },
  { name: 'nat-no-udp-agent', what: 'no UDP before the agent', agent: NO_UDP, viewer: CONE, way: 'relay' },
  { name: 'nat-no-udp-viewer', what: 'no UDP before the viewer', agent: CONE, viewer: NO_UDP, way: 'relay' },
];

/** A running product in a lab with routers; the agent logs, and the context was given to {@link exposePeers}. */
export interface NatRig {
  readonly lab: Lab;
  readonly agent: ManagedProcess;
  readonly context: BrowserContext;
  readonly url: string;
  readonly sessionId: string;
}

export interface NatOutcome {
  readonly connected: boolean;
  /** Kinds of both ends' addresses as the agent's library tells them, its own first. */
  readonly pathAgent: string | null;
  /** The same as the browser's `getStats()` tells them, its own first. */
  readonly pathViewer: string | null;
  /** What the viewer shows of it. */
  readonly shown: string | null;
  /** Over the agent's line while the picture ran, both directions. */
  readonly bytesAtLink: number;
  /** By its way, as counted at the server's network in the same time. */
  readonly traffic: Traffic;
}

declare global {
  interface Window {
    /** Every peer connection of the page, the newest last, put there by {@link exposePeers}. */
    guruPeers?: RTCPeerConnection[];
  }
}

/** Keeps the page's peer connections where {@link connectThrough} can ask them; call before the page is opened. */
export async function exposePeers(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const peers: RTCPeerConnection[] = [];
    window.guruPeers = peers;
    const Native = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        peers.push(this);
      }
    };
  });
}

/** Opens a viewer through the routers of the case and tells how it got there; the page is closed again. */
export async function connectThrough(
  rig: NatRig,
  { agent, viewer, way }: NatCase,
  timeoutMs = 20_000,
): Promise<NatOutcome> {
  const { lab } = rig;
  await lab.routers?.agent.become(agent);
  await lab.routers?.viewer.become(viewer);
  const logged = rig.agent.output.length;
  const page = await openViewer(rig.context, rig.url, rig.sessionId);
  try {
    const connected = await untilLive(page, timeoutMs).then(
      () => true,
      () => false,
    );
    if (connected) await settled(page, way);
    const count = await countTraffic(lab);
    lab.link.measure();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const { ab, ba } = await lab.link.report();
    const traffic = await count();
    return {
      connected,
      pathAgent: connected ? pathOfAgent(rig.agent, logged) : null,
      pathViewer: connected ? await pathOfViewer(page) : null,
      shown: await shownPath(page),
      bytesAtLink: ab.bytes + ba.bytes,
      traffic,
    };
  } finally {
    await page.close();
  }
}

/** A viewer may begin on a worse way and move up by itself; what it ends on is what counts. */
async function settled(page: Page, way: keyof Traffic): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline && (await shownPath(page)) !== way) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  // The old connection is let go a moment after the new one is up.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}

async function shownPath(page: Page): Promise<string | null> {
  return (await page.evaluate(async () => (await window.__guruViewer?.stats())?.counters.path)) ?? null;
}

function pathOfAgent(agent: ManagedProcess, from: number): string | null {
  const said = agent.output.slice(from).matchAll(/^\{.*"a viewer is reached this way".*\}$/gm);
  const [line] = [...said].at(-1) ?? [];
  const route: unknown = line === undefined ? undefined : JSON.parse(line).route;
  return typeof route === 'string' ? route : null;
}

/** Null where the browser has no peer connection that is up: then the way is another one. */
async function pathOfViewer(page: Page): Promise<string | null> {
  // While a connection moves from one pair of addresses to another, there is none for a moment.
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const path = await selectedPair(page);
    if (path) return path;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}

function selectedPair(page: Page): Promise<string | null> {
  return page.evaluate(async () => {
    for (const peer of [...(window.guruPeers ?? [])].reverse()) {
      const stats = new Map<string, Record<string, unknown>>(await peer.getStats());
      const transport = [...stats.values()].find(({ type }) => type === 'transport');
      const pair = stats.get(String(transport?.selectedCandidatePairId));
      const ends = [pair?.localCandidateId, pair?.remoteCandidateId].map(
        (id) => stats.get(String(id))?.candidateType,
      );
      if (ends[0] && ends[1] && peer.connectionState === 'connected') return ends.join('-');
    }
    return null;
  });
}
