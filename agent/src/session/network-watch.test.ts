import { expect, it } from 'vitest';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { NetworkWatch } from './network-watch.ts';

it('tells within half a second of addresses that come and go, and of nothing else', () => {
  const clock = new FakeClock();
  let addresses = ['10.0.0.2'];
  const told: boolean[] = [];
  const watch = new NetworkWatch({
    clock,
    addresses: () => addresses,
    onChanged: (isLost) => told.push(isLost),
  });
  clock.advance(5_000);
  expect(told).toEqual([]);
  addresses = ['10.0.0.2', '192.168.1.7'];
  clock.advance(500);
  addresses = ['192.168.1.7'];
  clock.advance(500);
  addresses = ['192.168.1.8'];
  clock.advance(500);
  expect(told).toEqual([false, true, true]);
  watch.close();
  addresses = [];
  clock.advance(5_000);
  expect(told).toHaveLength(3);
});
