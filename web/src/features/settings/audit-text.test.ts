import { expect, test } from 'vitest';
import { actorText, detailsText } from './audit-text.ts';

test('whoever has no name is told by what they are and the beginning of their id', () => {
  expect(actorText('machine:3998c9ea-336f-4df1-b7b2-2e057bdba75b')).toBe('machine 3998c9ea');
  expect(actorText('agent:3998c9ea-336f-4df1-b7b2-2e057bdba75b')).toBe('agent');
  expect(actorText('server')).toBe('server');
});

test('details are told without what is empty; no and nought are told', () => {
  const details = {
    name: 'Office',
    site: '',
    tags: ['vip', 'till'],
    none: [],
    maxUses: null,
    uses: 0,
    warm: false,
  };
  expect(detailsText(details)).toBe('name: Office · tags: vip, till · uses: 0 · warm: false');
  expect(detailsText({ from: { level: 1 } })).toBe('from: {"level":1}');
});
