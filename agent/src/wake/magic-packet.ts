import type { NetworkCard } from '@guruconnect/shared';

const REPEATS = 16;
const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i;

/** Six bytes of ones, then the MAC sixteen times: 102 bytes. undefined for what is no MAC. */
export function magicPacket(mac: string): Buffer | undefined {
  if (!MAC.test(mac)) return undefined;
  const address = Buffer.from(mac.replaceAll(':', ''), 'hex');
  return Buffer.concat([Buffer.alloc(6, 0xff), ...new Array<Buffer>(REPEATS).fill(address)]);
}

/** An IPv4 network of ours: our address in it, and the one by which all of it is reached. */
export interface BroadcastTarget {
  readonly from: string;
  readonly to: string;
}

export function broadcastTargets(networks: readonly NetworkCard[]): BroadcastTarget[] {
  const targets = new Map<string, BroadcastTarget>();
  for (const { addresses } of networks) {
    for (const { address, prefixLength } of addresses) {
      const parts = address.split('.').map(Number);
      // A network of one or two machines has no broadcast address.
      if (parts.length !== 4 || prefixLength > 30) continue;
      const value = parts.reduce((sum, part) => sum * 256 + part, 0);
      const rest = 2 ** (32 - prefixLength);
      const last = Math.floor(value / rest) * rest + rest - 1;
      const to = [24, 16, 8, 0].map((shift) => Math.floor(last / 2 ** shift) % 256).join('.');
      targets.set(`${address} ${to}`, { from: address, to });
    }
  }
  return [...targets.values()];
}
