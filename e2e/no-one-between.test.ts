import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Desktop } from '../tools/stack/desktop.ts';
import type { ManagedProcess } from '../tools/stack/managed-process.ts';
import { makeServerHostile, type Passing, type Tamper } from './support/hostile-server.ts';
import { newPerson } from './support/launch-browser.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { stageOfThisFile } from './support/stage.ts';
import { openViewer, untilLive } from './support/technician-page.ts';
import { until } from './support/until.ts';

const stage = stageOfThisFile();
const SIZE = { viewport: { width: 1280, height: 720 } };
let stack: Stack;
let desktop: Desktop;
let context: BrowserContext;
let hostile: { tamper: Tamper };
let sessionId: string;
let agent: ManagedProcess;
let viewer: Page;

beforeAll(async () => {
  stack = await stage.startStack();
  desktop = await stage.startDesktop({ ...SIZE.viewport, windowManager: false });
  const browser = await stage.launchBrowser();
  context = await newPerson(browser, SIZE);
  hostile = await makeServerHostile(context);
  await signInPage(await context.newPage(), stack.url, stack.adminUser);
});

beforeEach(async () => {
  const session = await stack.createSession({ consentRequired: false });
  sessionId = session.id;
  agent = await stage.startAgent({ server: stack.url, code: session.code, desktop });
});

afterEach(async () => {
  hostile.tamper = ({ payload }) => payload;
  await viewer?.close();
  await agent.stop();
});

/** What the agent had to say about it in the audit log. */
const audited = async () => {
  const { entries } = await stack.admin.call('sessionAudit', { params: { sessionId } });
  return entries.map(({ action, details }) => `${action} ${JSON.stringify(details)}`);
};
const isAudited = (what: string) => async () => (await audited()).some((one) => one.includes(what));

/** Nothing of the remote desktop was ever on this page. */
async function expectNoPicture(page: Page): Promise<void> {
  const seen = await page.evaluate(() => ({
    firstFrame: window.__guruViewer?.firstFrameAtMs,
    words: window.__guruViewer?.words,
    pictures: document.querySelectorAll('video, canvas').length,
  }));
  expect(seen).toEqual({ firstFrame: undefined, words: undefined, pictures: 0 });
}

/** Opens the viewer with a server that does this, and waits for the alarm. */
async function expectAlarm(tamper: Tamper, text: string): Promise<void> {
  hostile.tamper = tamper;
  viewer = await openViewer(context, stack.url, sessionId);
  await viewer.getByRole('alert').getByText(text).waitFor();
  expect(await viewer.evaluate(() => window.__guruViewer?.state)).toBe('alarm');
  await expectNoPicture(viewer);
}

/** The agent's terminal says what the viewer shows. */
async function expectSameWords(): Promise<string> {
  const words = await viewer.evaluate(() => window.__guruViewer?.words?.join(' '));
  expect(words).toMatch(/^[a-z]+ [a-z]+ [a-z]+$/);
  const line = `Safety words with ${stack.adminUser.name}: ${words}`;
  await until('the agent shows them', () => agent.output.includes(line));
  return words ?? '';
}

/** Only WebRTC comes about: the relay would be another way, as safe as the first. */
const isRelayWanted = ({ name, payload }: Passing) => name === 'peer:request' && payload.path === 'relay';

const DIGEST = 'A'.repeat(43);
/** Other hexadecimal digits in every certificate's fingerprint. */
const otherCertificate = (sdp: unknown) =>
  String(sdp).replaceAll(/(fingerprint:sha-256 )(..)/g, (_all, name: string, byte: string) =>
    byte === '00' ? `${name}01` : `${name}00`,
  );

test('viewer and agent show the same three words, and know each other again (R3)', async () => {
  viewer = await openViewer(context, stack.url, sessionId);
  await untilLive(viewer);
  const first = await expectSameWords();
  await viewer.reload();
  await untilLive(viewer);
  expect(await expectSameWords()).not.toBe(first);
});

test('a server that cuts the handshake out of the offer is named (R3)', async () => {
  await expectAlarm(
    ({ name, payload: { commit, ...rest } }) =>
      name === 'peer:offer' ? rest : { ...rest, ...(commit ? { commit } : {}) },
    'left out the proof',
  );
});

test("a server that exchanges the agent's promise is named, and the agent notices too (R3)", async () => {
  await expectAlarm(
    ({ name, payload }) =>
      name === 'peer:offer' ? { ...payload, commit: { v: 1, digest: DIGEST } } : payload,
    'keys of the other end were exchanged',
  );
  await until('it is audited', isAudited('handshake-failed'));
});

test("a server that exchanges the viewer's keys is named at both ends (R3)", async () => {
  await expectAlarm(({ name, payload }) => {
    if (name !== 'peer:answer') return payload;
    return { ...payload, reveal: { ...(payload.reveal as object), nonce: DIGEST } };
  }, 'signed another connection');
  await until('it is audited', isAudited('handshake-failed'));
});

test('a server that cuts the handshake out of the answer gets no picture through, and an audit row (R3)', async () => {
  hostile.tamper = ({ name, payload: { reveal, ...rest } }) =>
    name === 'peer:answer' ? rest : { ...rest, ...(reveal ? { reveal } : {}) };
  viewer = await openViewer(context, stack.url, sessionId);
  await until('it is audited', isAudited('the viewer brought no handshake'));
  expect(await viewer.evaluate(() => window.__guruViewer?.state)).not.toBe('live');
  expect(await viewer.evaluate(() => window.__guruViewer?.firstFrameAtMs)).toBeUndefined();
});

test('a server that exchanges certificates brings no connection about (R3)', async () => {
  let offers = 0;
  hostile.tamper = (passing) => {
    const { name, payload } = passing;
    if (isRelayWanted(passing)) return undefined;
    if (name !== 'peer:offer') return payload;
    offers += 1;
    return { ...payload, sdp: otherCertificate(payload.sdp) };
  };
  viewer = await openViewer(context, stack.url, sessionId);
  await until('it has tried twice', () => offers >= 2, 40_000);
  expect(await viewer.evaluate(() => window.__guruViewer?.firstFrameAtMs)).toBeUndefined();
  expect(await viewer.evaluate(() => window.__guruViewer?.words)).toBeUndefined();
  expect(agent.output).not.toContain('Safety words');
});

test('a server that brings an old offer again gets nowhere (R3)', async () => {
  let first: Record<string, unknown> | undefined;
  let replays = 0;
  hostile.tamper = ({ name, payload }) => {
    if (name === 'peer:offer') first ??= payload;
    return payload;
  };
  viewer = await openViewer(context, stack.url, sessionId);
  await untilLive(viewer);
  hostile.tamper = (passing) => {
    const { name, payload } = passing;
    if (isRelayWanted(passing)) return undefined;
    if (name !== 'peer:offer' || !first) return payload;
    replays += 1;
    return { ...first, peerId: payload.peerId };
  };
  await viewer.reload();
  await until('it has tried twice', () => replays >= 2, 40_000);
  expect(await viewer.evaluate(() => window.__guruViewer?.firstFrameAtMs)).toBeUndefined();
  expect(await viewer.evaluate(() => window.__guruViewer?.words)).toBeUndefined();
});

test('a stolen sign-in gets no peer in another browser (R3)', async () => {
  viewer = await openViewer(context, stack.url, sessionId);
  await untilLive(viewer);
  const browser = context.browser();
  if (!browser) throw new Error('There is no browser.');
  const { cookies } = await context.storageState();
  const thief = await newPerson(browser, SIZE);
  await thief.addCookies(cookies);
  const page = await openViewer(thief, stack.url, sessionId);
  await until('it is audited', isAudited('login.other-browser'));
  expect(await page.evaluate(() => window.__guruViewer?.firstFrameAtMs)).toBeUndefined();
  await thief.close();
});

test('another computer in the same session raises the alarm, until it is trusted anew (R3)', async () => {
  viewer = await openViewer(context, stack.url, sessionId);
  await untilLive(viewer);
  await viewer.evaluate(
    ([place, key]) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('guruconnect-keys');
        opening.onsuccess = () => {
          const change = opening.result.transaction('pins', 'readwrite');
          change.objectStore('pins').put({ place, key, atMs: Date.now() });
          change.oncomplete = () => resolve();
          change.onerror = () => reject(change.error);
        };
      }),
    [sessionId, DIGEST] as const,
  );
  await viewer.reload();
  await viewer.getByText('This is not the computer you met before').waitFor();
  await expectNoPicture(viewer);
  await viewer.getByRole('button', { name: 'Trust this computer from now on' }).click();
  await untilLive(viewer);
});
