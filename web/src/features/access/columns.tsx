import type { MachineRow, MachineSortKey, Preferences } from '@guruconnect/shared';
import { formatAgo, formatSpan } from '../../lib/format-ago.ts';
import { formatTime } from '../../lib/format-time.ts';

export interface Column {
  readonly key: string;
  readonly title: string;
  /** Usual width in px. */
  readonly width: number;
  readonly sort?: MachineSortKey;
  /** One line of text; the whole of it is also the cell's tooltip. */
  readonly text: (row: MachineRow, now: number) => string;
}

export const MIN_WIDTH = 60;
export const MAX_WIDTH = 800;

const NAME: Column = { key: 'name', title: 'Name', width: 230, sort: 'name', text: (row) => row.name };

/** Every column of the list, in their usual order; the name is always there, and first. */
export const COLUMNS: readonly Column[] = [
  NAME,
  { key: 'company', title: 'Company', width: 150, sort: 'company', text: (row) => row.company.name },
  { key: 'site', title: 'Site', width: 125, sort: 'site', text: (row) => row.site?.name ?? '' },
  { key: 'user', title: 'User', width: 130, sort: 'user', text: (row) => row.user },
  { key: 'os', title: 'Operating system', width: 180, sort: 'os', text: (row) => row.osName },
  { key: 'seenAt', title: 'Last seen', width: 120, sort: 'seenAt', text: seenText },
  { key: 'tags', title: 'Tags', width: 140, text: (row) => row.tags.join(', ') },
  { key: 'hostname', title: 'Hostname', width: 160, text: (row) => row.hostname },
  {
    key: 'department',
    title: 'Department',
    width: 140,
    sort: 'department',
    text: (row) => row.department,
  },
  { key: 'deviceType', title: 'Device type', width: 130, sort: 'deviceType', text: (row) => row.deviceType },
  { key: 'externalIp', title: 'Public IP', width: 140, sort: 'externalIp', text: (row) => row.externalIp },
  { key: 'internalIps', title: 'Private IPs', width: 150, text: (row) => row.internalIps.join(', ') },
  {
    key: 'idle',
    title: 'Idle',
    width: 120,
    text: (row) => (row.idleMs === null ? '' : formatSpan(row.idleMs)),
  },
  {
    key: 'hosts',
    title: 'Connected',
    width: 150,
    text: (row) => row.hosts.map((one) => one.name).join(', '),
  },
  { key: 'agentVersion', title: 'Agent', width: 100, sort: 'agentVersion', text: (row) => row.agentVersion },
  {
    key: 'lastAccessedAt',
    title: 'Last accessed',
    width: 140,
    sort: 'lastAccessedAt',
    text: (row, now) => ago(row.lastAccessedAt, now),
  },
  {
    key: 'lastCheckInAt',
    title: 'Last check-in',
    width: 140,
    text: (row, now) => ago(row.lastCheckInAt, now),
  },
  {
    key: 'attention',
    title: 'Attention',
    width: 200,
    text: (row) => row.attention?.note || (row.attention ? 'Flagged' : ''),
  },
];

const USUAL = ['name', 'company', 'site', 'user', 'seenAt', 'os', 'tags'];

export interface ChosenColumn extends Column {
  /** The width that the person gave it, or the usual one. */
  readonly width: number;
}

/** The columns that the person chose, in their order; the usual ones when they chose none. Unknown ones are left out. */
export function chosenColumns(saved: Preferences['accessColumns']): readonly ChosenColumn[] {
  const wanted = saved.length > 0 ? saved : USUAL.map((key) => ({ key, width: 0 }));
  const known = wanted.flatMap(({ key, width }) => {
    const column = COLUMNS.find((one) => one.key === key);
    return column && key !== 'name' ? [{ ...column, width: clampWidth(width || column.width) }] : [];
  });
  const name = wanted.find(({ key }) => key === 'name');
  return [{ ...NAME, width: clampWidth(name?.width || NAME.width) }, ...known];
}

/** As they are kept with the person's account. */
export function savedColumns(columns: readonly ChosenColumn[]): Preferences['accessColumns'] {
  return columns.map(({ key, width }) => ({ key, width: Math.round(width) }));
}

export function clampWidth(width: number): number {
  return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, Math.round(width)));
}

/** Online now, or when it was last there. */
export function seenText(row: MachineRow, now: number): string {
  if (row.online) return 'Online';
  return row.seenAt === null ? 'Never' : formatAgo(row.seenAt, now);
}

function ago(at: number | null, now: number): string {
  if (at === null) return 'Never';
  return now - at < 86_400_000 ? formatAgo(at, now) : formatTime(at, now);
}
