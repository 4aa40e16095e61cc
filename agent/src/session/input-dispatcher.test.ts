import { expect, it } from 'vitest';
import { FakeClock } from '../../test/support/fake-clock.ts';
import type { InputAction } from '../desktop/desktop-messages.ts';
import { DisplayTable } from './display-table.ts';
import { InputDispatcher, type SecureAttention } from './input-dispatcher.ts';

function dispatcher(secureAttention?: SecureAttention) {
  const actions: InputAction[] = [];
  const desktop = {
    input: (_source: string, _inputId: number, some: readonly InputAction[]) => actions.push(...some),
    forgetSource: () => {},
  };
  const input = new InputDispatcher({
    desktop,
    displays: new DisplayTable(),
    clock: new FakeClock(),
    secureAttention,
  });
  return { input, actions };
}

it('presses Ctrl-Alt-Del as three keys where the system takes them as such', () => {
  const { input, actions } = dispatcher();
  expect(input.pressCtrlAltDelete('viewer')).toBeUndefined();
  expect(actions).toHaveLength(6);
});

it('has it brought about otherwise where the system does not, or says why that cannot be', () => {
  const asked: string[] = [];
  const byService = dispatcher(() => void asked.push('asked'));
  expect(byService.input.pressCtrlAltDelete('viewer')).toBeUndefined();
  expect(asked).toEqual(['asked']);
  const byNobody = dispatcher(() => 'Nobody can.');
  expect(byNobody.input.pressCtrlAltDelete('viewer')).toBe('Nobody can.');
  expect([...byService.actions, ...byNobody.actions]).toEqual([]);
});
