import type { CompanyPlan } from './make-companies.ts';
import type { Draw } from './random.ts';
import { HARDWARE, type Hardware, OS_NAMES, type OsChoice, SURNAMES, TAGS } from './vocabulary.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A row of the table `machines`, by the names of its columns. */
export type SeededMachine = Record<string, unknown>;

/**
 * One machine as an agent would have reported it: names by company and kind, a user on most of those that are there,
 * two thirds online, a few away for months.
 */
export function makeMachine(draw: Draw, company: CompanyPlan, number: number, now: number): SeededMachine {
  const hardware = draw.weighted(HARDWARE);
  const os = draw.weighted(OS_NAMES.filter(([choice]) => choice.forServer === hardware.isServer));
  const site = draw.chance(0.95) ? draw.pick(company.sites) : undefined;
  const online = draw.chance(hardware.isServer ? 0.97 : 0.62);
  const awayMs = draw.weighted([
    [DAY, 60],
    [30 * DAY, 30],
    [365 * DAY, 8],
    [900 * DAY, 2],
  ]);
  const firstSeenAt = now - 950 * DAY + draw.below(900 * DAY);
  const seenAt = Math.max(firstSeenAt, now - draw.below(online ? 9 * DAY : awayMs));
  const user = hardware.isServer
    ? ''
    : `${draw.pick('abcdefghijklmnoprstw'.split(''))}${draw.pick(SURNAMES)}`;
  const hostname = `${company.prefix}-${hardware.prefix}${String(number).padStart(3, '0')}`;
  const network = networkOf(draw, company);
  const loggedOn = user !== '' && online && draw.chance(0.7) ? `${company.prefix}\\${user}` : '';
  const serial = draw.code(10);
  const common = { hostname, network, serial, os, hardware, bootedAt: now - draw.below(20 * DAY) };
  return {
    id: draw.uuid(),
    public_key: draw.hex(86),
    hardware_id: draw.hex(32),
    version: 1,
    company_id: company.id,
    site_id: site?.id ?? null,
    name: draw.chance(0.15) ? `${draw.pick(['Reception', 'Warehouse', 'Front desk', 'Till'])} ${number}` : '',
    department: hardware.isServer
      ? 'IT'
      : draw.pick(['Sales', 'Accounts', 'Production', 'Management', 'IT', '']),
    device_type: hardware.type,
    tags: TAGS.filter(() => draw.chance(0.03)),
    notes: draw.chance(0.05) ? `Ask ${draw.pick(SURNAMES)} before a restart.` : '',
    properties: {
      asset: String(100_000 + draw.below(900_000)),
      ...(draw.chance(0.3) ? { rack: `R${draw.below(40)}` } : {}),
    },
    attention: draw.chance(0.01)
      ? { note: 'Disk is nearly full', by: null, at: now - draw.below(9 * DAY) }
      : null,
    inventory: inventoryOf(common),
    inventory_hash: draw.hex(64),
    status: { user: loggedOn, idleMs: 0, memoryFreeBytes: 2 ** 31, diskFreeBytes: { '/': 2 ** 36 } },
    hostname,
    os_family: os.family,
    os_name: os.name,
    os_build: os.build,
    manufacturer: hardware.manufacturer,
    model: hardware.model,
    serial,
    service_tag: hardware.manufacturer.startsWith('Dell') ? serial.slice(0, 7) : '',
    agent_version: draw.weighted([
      ['0.1.0', 90],
      ['0.0.9', 8],
      ['0.0.8', 2],
    ]),
    logged_on_user: loggedOn,
    idle_ms: loggedOn === '' ? null : draw.below(90 * MINUTE),
    internal_ips: network.addresses,
    macs: [network.mac],
    external_ip: company.externalIp,
    booted_at: new Date(common.bootedAt).toISOString(),
    os_installed_at: new Date(firstSeenAt - draw.below(400 * DAY)).toISOString(),
    last_request_ms: now,
    online,
    seen_at: new Date(seenAt).toISOString(),
    last_check_in_at: new Date(online ? now - draw.below(5 * MINUTE) : seenAt).toISOString(),
    first_seen_at: new Date(firstSeenAt).toISOString(),
    last_accessed_at: draw.chance(0.4) ? new Date(now - draw.below(200 * DAY)).toISOString() : null,
    guest_last_connected_at: null,
    cloned_at: draw.chance(0.0005) ? new Date(now - DAY).toISOString() : null,
    removed_at: draw.chance(0.005) ? new Date(now - DAY).toISOString() : null,
  };
}

interface Network {
  readonly mac: string;
  readonly addresses: readonly string[];
}

function networkOf(draw: Draw, company: CompanyPlan): Network {
  const mac = `00:1a:${draw.hex(8).replace(/(..)(?=.)/g, '$1:')}`;
  return { mac, addresses: [`${company.network}.${draw.below(16)}.${1 + draw.below(253)}`] };
}

function inventoryOf(machine: {
  hostname: string;
  network: Network;
  serial: string;
  os: OsChoice;
  hardware: Hardware;
  bootedAt: number;
}): object {
  const { hostname, network, serial, os, hardware, bootedAt } = machine;
  return {
    hostname,
    description: '',
    os: { family: os.family, name: os.name, version: os.build, build: os.build, installedAt: null },
    processor: { model: hardware.processor, cores: 8 },
    memoryBytes: 2 ** 34,
    disks: [{ name: '/', sizeBytes: 2 ** 38 }],
    manufacturer: hardware.manufacturer,
    model: hardware.model,
    serial,
    serviceTag: '',
    networks: [
      {
        name: 'eth0',
        mac: network.mac,
        addresses: network.addresses.map((address) => ({ address, prefixLength: 20 })),
      },
    ],
    bootedAt,
    agentVersion: '0.1.0',
  };
}
