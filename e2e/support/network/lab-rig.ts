import { startAgentProcess } from '../../../tools/stack/agent-process.ts';
import type { Cleanup } from '../../../tools/stack/cleanup.ts';
import { startDesktop } from '../../../tools/stack/desktop.ts';
import { newPerson } from '../launch-browser.ts';
import { namespacesUnavailable } from '../network-namespace.ts';
import { signInPage } from '../sign-in-page.ts';
import { Stack } from '../stack.ts';
import { runXProgram } from '../x-programs.ts';
import { Lab } from './lab.ts';
import { exposePeers, type NatRig } from './nat-case.ts';
import { startTurnServer, turnUnavailable } from './turn-server.ts';

/** Why no routers can be tried here; undefined when they can. */
export function natUnavailable(): string | undefined {
  return namespacesUnavailable() ?? turnUnavailable();
}

/** The real product on both sides of two routers, and coturn; undone by the cleanup. */
export async function startNatRig(root: string, cleanup: Cleanup): Promise<NatRig> {
  const lab = await Lab.create({ hasRouters: true });
  cleanup.defer(() => lab.close());
  return startRig(root, cleanup, lab, await startTurnServer(lab, 'a secret for the tests alone'));
}

/** The real product in a lab, with a moving screen to carry; undone by the cleanup, the lab aside. */
export async function startRig(
  root: string,
  cleanup: Cleanup,
  lab: Lab,
  env: Readonly<Record<string, string>> = {},
): Promise<NatRig> {
  await lab.link.set({ rate: 20_000_000, delayMs: 10, queueMs: 300 });
  const stack = await Stack.start(root, { place: lab.place, env });
  cleanup.defer(() => stack.close());
  const desktop = await startDesktop({ width: 1280, height: 720, windowManager: false });
  cleanup.defer(() => desktop.close());
  await runXProgram(desktop, 'frame-source', ['text', '20', 'keys']);
  const session = await stack.createSession({ consentRequired: false });
  const agent = await startAgentProcess({
    root,
    server: stack.url,
    code: session.code,
    desktop,
    wrap: lab.agent.inside,
    args: ['--log', 'info'],
  });
  cleanup.defer(() => agent.stop());
  const context = await newPerson(await lab.launchBrowser(lab.viewer));
  await exposePeers(context);
  const dashboard = await context.newPage();
  await signInPage(dashboard, stack.url, stack.adminUser);
  await dashboard.close();
  return { lab, agent, context, url: stack.url, sessionId: session.id };
}
