import { expect, it } from 'vitest';
import { type AccessView, addressOf, readView } from './access-address.ts';

const BASE = '/app/access';
const USUAL: AccessView = { group: 'all', query: '', sort: null, direction: 'up', machineId: null };

function read(address: string): AccessView {
  const url = new URL(address, 'https://example.org');
  return readView(url.searchParams, url.pathname.slice(BASE.length + 1) || undefined);
}

it('says nothing for the usual view', () => {
  expect(addressOf(BASE, USUAL)).toBe(BASE);
  expect(read(BASE)).toEqual(USUAL);
});

it.each<Partial<AccessView>>([
  { group: 'company:3f2b8a52-9f0c-4c52-9d0e-0a35a8b8f00a', query: 'os:windows "front desk" -tag:test' },
  { group: 'tag:a&b=c #?', sort: 'seenAt', direction: 'down' },
  { machineId: '3f2b8a52-9f0c-4c52-9d0e-0a35a8b8f00b', query: 'host:مكتب*' },
])('brings a view back from its address: %o', (change) => {
  const view = { ...USUAL, ...change };
  expect(read(addressOf(BASE, view))).toEqual(view);
});

it('takes what it does not know for the usual', () => {
  expect(read(`${BASE}?group=nonsense&sort=color&dir=sideways`)).toEqual(USUAL);
});
