import type { NetworkCard } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { broadcastTargets, magicPacket } from './magic-packet.ts';

describe('a magic packet', () => {
  it('is six bytes of ones and the MAC sixteen times', () => {
    const packet = magicPacket('00:1a:2B:3c:4d:5e');
    expect(packet).toHaveLength(102);
    expect(packet?.subarray(0, 6).toString('hex')).toBe('ffffffffffff');
    expect(packet?.subarray(6).toString('hex')).toBe('001a2b3c4d5e'.repeat(16));
  });

  it.each(['', '00:1a:2b:3c:4d', '00-1a-2b-3c-4d-5e', 'gg:1a:2b:3c:4d:5e', '00:1a:2b:3c:4d:5e:6f'])(
    'is not made of %j',
    (mac) => expect(magicPacket(mac)).toBeUndefined(),
  );
});

describe('our own networks', () => {
  const card = (address: string, prefixLength: number): NetworkCard => ({
    name: 'eth0',
    mac: '00:1a:2b:3c:4d:5e',
    addresses: [{ address, prefixLength }],
  });

  it.each([
    ['192.168.1.20', 24, '192.168.1.255'],
    ['10.1.2.3', 8, '10.255.255.255'],
    ['172.16.5.130', 25, '172.16.5.255'],
    ['172.16.5.5', 29, '172.16.5.7'],
    ['200.10.0.1', 22, '200.10.3.255'],
  ])('%s/%i is reached by %s', (address, prefixLength, to) => {
    expect(broadcastTargets([card(address, prefixLength)])).toEqual([{ from: address, to }]);
  });

  it('of one or two machines, and of IPv6, have nobody to wake', () => {
    expect(broadcastTargets([card('10.0.0.1', 32), card('10.0.0.1', 31), card('fd00::2', 64)])).toEqual([]);
  });
});
