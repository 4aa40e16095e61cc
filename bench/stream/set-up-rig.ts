import { launchBrowser, newPerson } from '../../e2e/support/launch-browser.ts';
import { signInPage } from '../../e2e/support/sign-in-page.ts';
import { Stack } from '../../e2e/support/stack.ts';
import { startAgentProcess } from '../../tools/stack/agent-process.ts';
import type { Cleanup } from '../../tools/stack/cleanup.ts';
import { startDesktop } from '../../tools/stack/desktop.ts';
import type { BenchOptions } from '../support/report.ts';
import { openViewer, type Rig } from './rig.ts';

/** A server, a desktop, the agent on it and a browser whose viewer shows a picture; `cleanup` ends them. */
export async function setUpRig(
  root: string,
  width: number,
  height: number,
  cleanup: Cleanup,
  options: BenchOptions,
): Promise<Rig> {
  const stack = await Stack.start(root, {});
  cleanup.defer(() => stack.close());
  const desktop = await startDesktop({ width, height });
  cleanup.defer(() => desktop.close());
  const session = await stack.createSession({ name: 'Bench', consentRequired: false, visibility: 'company' });
  const agent = await startAgentProcess({ root, server: stack.url, code: session.code, desktop });
  cleanup.defer(() => agent.stop());
  const browser = await launchBrowser();
  cleanup.defer(() => browser.close());
  const context = await newPerson(browser, { viewport: { width, height } });
  const dashboard = await context.newPage();
  await signInPage(dashboard, stack.url, stack.adminUser);
  const rig = { options, stack, desktop, agent, browser, context, dashboard, session };
  return { ...rig, viewer: await openViewer(context, stack.url, session.id) };
}
