import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ManagedProcess } from '../tools/stack/managed-process.ts';
import { stageOfThisFile } from './support/stage.ts';

const stage = stageOfThisFile();

test('the line that the portal shows brings a Linux desktop into the session and leaves nothing behind (E1, P4)', async () => {
  const stack = await stage.startStack();
  const desktop = await stage.startDesktop({ width: 800, height: 600, windowManager: false });
  const { id: sessionId, code } = await stack.createSession();
  const temporary = stage.newFolder('tmp-');
  const shell = new ManagedProcess({
    name: 'one-liner',
    program: 'sh',
    args: ['-c', `curl -fsSL ${stack.url}/download/linux/${code}.sh | sh`],
    env: { ...desktop.env, TMPDIR: temporary, XDG_RUNTIME_DIR: stage.newFolder('run-') },
  });
  stage.defer(() => shell.stop());
  await shell.waitFor(/^Connected\./m, 60_000);
  const { endpoint, machine } = await stack.admin.call('getSession', { params: { sessionId } });
  expect([endpoint.kind, machine?.os]).toEqual(['agent', 'linux']);
  expect(readdirSync(temporary)).toHaveLength(1);

  await stack.admin.call('endSession', { params: { sessionId } });
  expect(await shell.ended).toMatchObject({ code: 0 });
  expect(readdirSync(temporary)).toEqual([]);
});
