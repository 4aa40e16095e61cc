import type { MachineDetails } from '@guruconnect/shared';
import { describeConsent } from '../../lib/consent-text.ts';
import { formatAgo, formatSpan } from '../../lib/format-ago.ts';
import { formatBytes } from '../../lib/format-bytes.ts';
import { formatDateTime } from '../../lib/format-time.ts';

/** One line of the panel. No lines: unknown. */
export interface Fact {
  readonly name: string;
  readonly lines: readonly string[];
  /** Whether people carry it elsewhere: each line gets a button that copies it. */
  readonly isCopied?: boolean;
}

export interface FactSection {
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** What the panel says of a machine beside what can be changed in it (A6). */
export function factSections(details: MachineDetails, now: number): FactSection[] {
  return [
    { title: 'Session', facts: sessionFacts(details, now) },
    { title: 'Device', facts: deviceFacts(details, now) },
    { title: 'Network', facts: networkFacts(details) },
    { title: 'Other', facts: otherFacts(details, now) },
  ];
}

function sessionFacts({ row, status, guestLastConnectedAt, consent }: MachineDetails, now: number): Fact[] {
  const idleMs = status?.idleMs ?? row.idleMs;
  const isAnybodyThere = row.online && row.guestConnected;
  return [
    fact('Technicians connected', row.hosts.length > 0 ? row.hosts.map(({ name }) => name) : 'Nobody'),
    fact('Somebody at the screen', isAnybodyThere ? 'Yes' : row.online ? 'No' : ''),
    fact('Somebody last at the screen', isAnybodyThere ? 'Now' : when(guestLastConnectedAt, now)),
    fact('Logged-on user', row.user),
    fact('Idle for', row.online && idleMs !== null ? formatSpan(idleMs) : ''),
    fact('Consent', describeConsent(consent)),
  ];
}

function deviceFacts({ row, inventory, status, bootedAt }: MachineDetails, now: number): Fact[] {
  const os = inventory?.os;
  const version = os ? [os.version, os.build && `build ${os.build}`].filter(Boolean).join(', ') : '';
  return [
    { ...fact('Machine name', row.hostname), isCopied: true },
    fact('Operating system', os?.name || row.osName),
    fact('Version', version),
    fact('Installed', when(os?.installedAt ?? null, now)),
    fact('Last boot', when(bootedAt ?? inventory?.bootedAt ?? null, now)),
    fact('Processor', inventory ? processorText(inventory.processor) : ''),
    fact('Memory', inventory ? withFree(inventory.memoryBytes, status?.memoryFreeBytes) : ''),
    fact(
      'Disks',
      (inventory?.disks ?? []).map(
        ({ name, sizeBytes }) => `${name}: ${withFree(sizeBytes, status?.diskFreeBytes[name])}`,
      ),
    ),
    fact('Manufacturer', inventory?.manufacturer),
    fact('Model', inventory?.model),
    { ...fact('Serial number', inventory?.serial), isCopied: true },
    { ...fact('Service tag', inventory?.serviceTag), isCopied: true },
    fact('Description', inventory?.description),
  ];
}

function networkFacts({ row, inventory, macs }: MachineDetails): Fact[] {
  const cards = (inventory?.networks ?? []).map(
    ({ name, addresses }) =>
      `${name}: ${addresses.map((one) => `${one.address}/${one.prefixLength}`).join(', ') || 'no address'}`,
  );
  return [
    { ...fact('Public IP', row.externalIp), isCopied: true },
    { ...fact('Private IPs', row.internalIps), isCopied: true },
    { ...fact('MAC addresses', macs), isCopied: true },
    fact('Network cards', cards),
  ];
}

function otherFacts(details: MachineDetails, now: number): Fact[] {
  const { row, firstSeenAt, installer } = details;
  return [
    fact('Agent version', versionLines(details)),
    fact('Last check-in', when(row.lastCheckInAt, now)),
    fact('Last accessed', when(row.lastAccessedAt, now)),
    fact('First seen', when(firstSeenAt, now)),
    fact('Enrolled with', installer?.name),
    { ...fact('Machine ID', row.machineId), isCopied: true },
  ];
}

/** The version, and how far its update is; an update that failed says why. */
function versionLines({ row, update }: MachineDetails): string[] {
  if (row.agentVersion === '') return [];
  const state = update?.state ?? (row.outdated ? 'outdated' : 'current');
  return [row.agentVersion + VERSION_NOTES[state], update?.reason ?? ''];
}

const VERSION_NOTES = {
  current: '',
  outdated: ' (outdated)',
  updating: ' (outdated, being updated)',
  failed: ' (outdated, the update failed)',
} as const;

function fact(name: string, value: string | readonly string[] | undefined): Fact {
  const lines = typeof value === 'string' ? [value] : (value ?? []);
  return { name, lines: lines.filter((line) => line.trim() !== '') };
}

function when(timestamp: number | null, now: number): string {
  return timestamp === null ? '' : `${formatDateTime(timestamp)} (${formatAgo(timestamp, now)})`;
}

function processorText({ model, cores }: { model: string; cores: number }): string {
  const count = cores > 0 ? `${cores} ${cores === 1 ? 'core' : 'cores'}` : '';
  return [model, count].filter(Boolean).join(', ');
}

function withFree(bytes: number, freeBytes: number | null | undefined): string {
  if (bytes === 0) return '';
  return freeBytes === null || freeBytes === undefined
    ? formatBytes(bytes)
    : `${formatBytes(bytes)}, ${formatBytes(freeBytes)} free`;
}

const PENDING = {
  wake: 'Being woken',
  'check-in': 'Asked to check in',
  session: 'A session is starting',
  reconfigure: 'New names are on their way to it',
} as const;

/** What is asked of the machine and not done yet. */
export function pendingText({ what, since }: MachineDetails['pending'][number], now: number): string {
  return `${PENDING[what]}, ${formatAgo(since, now)}`;
}

/** Whether it is there, or since when it is not. */
export function presenceText({ online, seenAt }: MachineDetails['row'], now: number): string {
  if (online) return seenAt === null ? 'Online' : `Online for ${formatSpan(now - seenAt)}`;
  return seenAt === null ? 'Never online yet' : `Offline, last seen ${formatAgo(seenAt, now)}`;
}
