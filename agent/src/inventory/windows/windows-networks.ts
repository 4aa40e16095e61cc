import type { NetworkInterfaceInfo } from 'node:os';
import type { NetworkCard } from '@guruconnect/shared';
import { inventoryLine } from '../inventory-line.ts';
import { cardsOf } from '../networks.ts';

/** Made by software for software in this computer. A switch of Hyper-V that leads outside has the host's own address. */
const INNER =
  /^(VMware Network Adapter|VirtualBox Host-Only|Loopback|vEthernet \((Default Switch|WSL|nat)\b)/i;

/** Network cards that are up, with MACs and addresses. */
export function readWindowsNetworks(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): NetworkCard[] {
  const outer = Object.entries(interfaces).filter(([name]) => !INNER.test(name));
  return cardsOf(Object.fromEntries(outer)).map((card) => ({ ...card, name: inventoryLine(card.name) }));
}
