import { GuruError, type SessionView } from '@guruconnect/shared';
import { expect, it } from 'vitest';
import { makeSession } from '../../test/support/make-session.ts';
import { MachineStarts } from './machine-starts.ts';

const MACHINE = 'machine-1';

function startsWith(connect: (machineId: string) => Promise<SessionView>) {
  const shown: string[] = [];
  let loads = 0;
  const starts = new MachineStarts({
    connect,
    loadViewer: async () => {
      loads += 1;
      return (session) => shown.push(session.id);
    },
  });
  return { starts, shown, loads: () => loads };
}

it('asks the server and loads the viewer at the same time, once for the click and its page', async () => {
  let answer: (session: SessionView) => void = () => undefined;
  let asked = 0;
  const { starts, shown, loads } = startsWith(() => {
    asked += 1;
    return new Promise((resolve) => {
      answer = resolve;
    });
  });
  const click = starts.begin(MACHINE);
  const page = starts.begin(MACHINE);
  expect([asked, loads()]).toEqual([1, 1]);
  answer(makeSession({ id: 'session-1' }));
  expect((await click).id).toBe('session-1');
  expect((await page).id).toBe('session-1');
  expect(shown).toEqual(['session-1']);
});

it('asks anew after the page has seen the refusal', async () => {
  let asked = 0;
  const { starts, shown } = startsWith(async () => {
    asked += 1;
    throw new GuruError('endpoint-offline', 'The machine is not connected.');
  });
  await expect(starts.begin(MACHINE)).rejects.toThrow('not connected');
  starts.forget(MACHINE);
  await expect(starts.begin(MACHINE)).rejects.toThrow('not connected');
  expect(asked).toBe(2);
  expect(shown).toEqual([]);
});
