import { BlockList, isIP, isIPv6 } from 'node:net';
import type { Inventory, NetworkCard } from '@guruconnect/shared';
import type { MachineDbRow } from '../db/schema/machines.ts';
import { storableInstant } from './storable-instant.ts';

/** Columns that repeat what of an inventory is searched and sorted by. */
export type InventoryColumns = Pick<
  MachineDbRow,
  | 'hostname'
  | 'osFamily'
  | 'osName'
  | 'osBuild'
  | 'manufacturer'
  | 'model'
  | 'serial'
  | 'serviceTag'
  | 'internalIps'
  | 'macs'
  | 'bootedAt'
  | 'osInstalledAt'
>;

export function columnsOf(inventory: Inventory): InventoryColumns {
  const { hostname, os, manufacturer, model, serial, serviceTag, networks, bootedAt } = inventory;
  return {
    hostname,
    osFamily: os.family,
    osName: os.name,
    osBuild: os.build === '' ? os.version : os.build,
    manufacturer,
    model,
    serial,
    serviceTag,
    internalIps: addressesOf(networks),
    macs: macsOf(networks),
    bootedAt: storableInstant(bootedAt),
    osInstalledAt: storableInstant(os.installedAt),
  };
}

/** Addresses under which others reach the machine: not those of itself, and not those without a network. */
function addressesOf(networks: readonly NetworkCard[]): string[] {
  const unreachable = new BlockList();
  unreachable.addSubnet('127.0.0.0', 8, 'ipv4');
  unreachable.addSubnet('169.254.0.0', 16, 'ipv4');
  unreachable.addAddress('0.0.0.0', 'ipv4');
  unreachable.addAddress('::1', 'ipv6');
  unreachable.addAddress('::', 'ipv6');
  unreachable.addSubnet('fe80::', 10, 'ipv6');
  const addresses = networks
    .flatMap((card) => card.addresses.map(({ address }) => address.split('%')[0] ?? ''))
    .filter(
      (address) => isIP(address) !== 0 && !unreachable.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'),
    );
  return [...new Set(addresses)];
}

function macsOf(networks: readonly NetworkCard[]): string[] {
  return [...new Set(networks.map((card) => card.mac))].filter((mac) => mac !== '00:00:00:00:00:00');
}
