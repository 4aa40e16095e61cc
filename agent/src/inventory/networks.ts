import type { NetworkInterfaceInfo } from 'node:os';
import type { NetworkCard } from '@guruconnect/shared';
import type { MachineFiles } from './machine-files.ts';

const NO_MAC = '00:00:00:00:00:00';
const MAX_CARDS = 32;
const MAX_ADDRESSES = 16;
/** Made by software for software in this computer: the same addresses on thousands of machines say nothing. */
const INNER = /^(docker|br-|veth|virbr|vnet|lxc|lxd|cni|flannel|cali|podman|kube|vmnet|vboxnet)/;

/** Network cards with MACs and addresses. Those that are plugged out have none, and can be woken nevertheless. */
export async function readNetworks(
  files: MachineFiles,
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>,
): Promise<NetworkCard[]> {
  const cards = new Map<string, NetworkCard>();
  for (const name of await files.list('/sys/class/net')) {
    const mac = (await files.text(`/sys/class/net/${name}/address`)).toLowerCase();
    const isHardware = await files.exists(`/sys/class/net/${name}/device`);
    if (isHardware && isMac(mac)) cards.set(name, { name, mac, addresses: [] });
  }
  const outer = Object.entries(interfaces).filter(([name]) => !INNER.test(name));
  for (const card of cardsOf(Object.fromEntries(outer))) cards.set(card.name, card);
  return sorted([...cards.values()]);
}

/** Those that are up, by what Node tells of them. */
export function cardsOf(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): NetworkCard[] {
  const cards: NetworkCard[] = [];
  for (const [name, found = []] of Object.entries(interfaces)) {
    const mac = found.find((one) => isMac(one.mac))?.mac.toLowerCase();
    if (mac === undefined) continue;
    const addresses = found
      .filter((one) => !one.internal && !one.address.startsWith('fe80:'))
      .map(({ address, cidr }) => ({ address, prefixLength: Number(cidr?.split('/')[1] ?? 0) }))
      .sort((a, b) => (a.address < b.address ? -1 : 1));
    cards.push({ name, mac, addresses: addresses.slice(0, MAX_ADDRESSES) });
  }
  return sorted(cards);
}

function sorted(cards: NetworkCard[]): NetworkCard[] {
  return cards.sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MAX_CARDS);
}

function isMac(text: string): boolean {
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text) && text !== NO_MAC;
}
