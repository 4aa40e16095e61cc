import type { AgeField, Flag, TextField } from '../machine-query.ts';

/**
 * What a text field's value must be like when it has no `*`: the field's `whole` value, or a `part` of it. With a `*`
 * it is always a pattern of the whole value. Case never matters.
 */
export type TextMatch = 'whole' | 'part';

/** Labels whose values the server suggests, see the route `suggestLabels`. */
type Suggested = 'company' | 'site' | 'department' | 'deviceType' | 'tag' | 'os' | 'user' | 'version';

interface FieldBase {
  /** Other spellings that are read, and printed as `name`. */
  readonly aliases: readonly string[];
  readonly title: string;
  /** How it is used, in one short line. */
  readonly hint: string;
}
export interface TextFieldInfo extends FieldBase {
  readonly kind: 'text';
  readonly name: TextField;
  readonly match: TextMatch;
  readonly suggest?: Suggested;
}
export interface AgeFieldInfo extends FieldBase {
  readonly kind: 'age';
  readonly name: AgeField;
}
export type QueryFieldInfo = TextFieldInfo | AgeFieldInfo;

type TextExtras = Partial<Pick<TextFieldInfo, 'aliases' | 'suggest'>>;

const whole = (name: TextField, title: string, hint: string, extras: TextExtras = {}): TextFieldInfo => ({
  kind: 'text',
  match: 'whole',
  aliases: [],
  name,
  title,
  hint,
  ...extras,
});
const part = (name: TextField, title: string, hint: string, extras: TextExtras = {}): TextFieldInfo => ({
  ...whole(name, title, hint, extras),
  match: 'part',
});
const age = (name: AgeField, title: string, hint: string, aliases: string[] = []): AgeFieldInfo => ({
  kind: 'age',
  aliases,
  name,
  title,
  hint,
});

/**
 * The fields of the query language, in the order in which people are offered them; the parser, the server, the filter
 * builder and the completion of the search field read these rows. `is:` and `prop.KEY:` stand apart.
 */
export const QUERY_FIELDS: readonly QueryFieldInfo[] = [
  part('name', 'Name', 'name:reception: part of the given name or the hostname', { aliases: ['machine'] }),
  part('host', 'Hostname', 'host:dev-0: part of the hostname', { aliases: ['hostname'] }),
  whole('company', 'Company', 'company:glaz*: a company that begins so', {
    aliases: ['customer', 'client'],
    suggest: 'company',
  }),
  whole('site', 'Site', 'site:"head office"; site:"" for none', { aliases: ['location'], suggest: 'site' }),
  whole('department', 'Department', 'department:sales', { aliases: ['dept'], suggest: 'department' }),
  whole('type', 'Device type', 'type:laptop,server: one of them', {
    aliases: ['devicetype', 'device'],
    suggest: 'deviceType',
  }),
  whole('tag', 'Tag', 'tag:vip; -tag:test,spare: none of them', { aliases: ['tags'], suggest: 'tag' }),
  part('os', 'Operating system', 'os:"windows 11": part of its name', { aliases: ['system'], suggest: 'os' }),
  whole('build', 'OS build', 'build:22631*'),
  whole('user', 'Logged-on user', 'user:jsmith, with or without the domain; user:"" for nobody', {
    suggest: 'user',
  }),
  whole('ip', 'IP address', 'ip:10.20.*: internal or external'),
  whole('internal', 'Internal IP address', 'internal:192.168.1.17', { aliases: ['private'] }),
  whole('external', 'External IP address', 'external:203.0.113.*', { aliases: ['public'] }),
  whole('mac', 'MAC address', 'mac:00:1a:*, with any separators or none'),
  whole('serial', 'Serial number', 'serial:5CG1234XYZ', { aliases: ['sn'] }),
  whole('servicetag', 'Service tag', 'servicetag:7ABC123', { aliases: ['service-tag'] }),
  part('manufacturer', 'Manufacturer', 'manufacturer:dell', { aliases: ['vendor', 'maker'] }),
  part('model', 'Model', 'model:latitude'),
  whole('version', 'Agent version', 'version:1.4.*', { aliases: ['agent'], suggest: 'version' }),
  part('note', 'Notes', 'note:"ask first"', { aliases: ['notes'] }),
  age('seen', 'Last seen', 'seen<1h: online, or was within the hour; seen>7d'),
  age('offline', 'Offline for', 'offline>30d: away for that long or longer'),
  age('checkin', 'Last check-in', 'checkin<24h, checkin>30d', ['check-in']),
  age('accessed', 'Last accessed', 'accessed<7d: a technician was on it; accessed>1y: none since, or never'),
  age('booted', 'Last boot', 'booted<10m', ['boot']),
  age('added', 'Added', 'added<7d: enrolled within the week', ['enrolled']),
  age('installed', 'OS installed', 'installed>2y'),
];

export interface FlagInfo {
  readonly flag: Flag;
  readonly title: string;
}

/** What `is:` takes. */
export const QUERY_FLAGS: readonly FlagInfo[] = [
  { flag: 'online', title: 'Online' },
  { flag: 'offline', title: 'Offline' },
  { flag: 'flagged', title: 'Flagged for attention' },
  { flag: 'hosted', title: 'A technician is connected' },
  { flag: 'guested', title: 'Somebody is logged on' },
  { flag: 'outdated', title: 'Older agent than the server hands out' },
  { flag: 'update-failed', title: 'The newest version did not take' },
  { flag: 'cloned', title: 'Identity seen on two computers' },
  { flag: 'removed', title: 'Removed; only found so' },
];

/** Custom properties are searched as `prop.KEY:value`. */
export const PROPERTY_PREFIX = 'prop.';

/** The field of that name or alias, in any case. */
export function findQueryField(name: string): QueryFieldInfo | undefined {
  const wanted = name.toLowerCase();
  return QUERY_FIELDS.find((field) => field.name === wanted || field.aliases.includes(wanted));
}

/** How a text field's value is matched. */
export function matchOf(name: TextField): TextMatch {
  const field = QUERY_FIELDS.find((one) => one.name === name);
  return field?.kind === 'text' ? field.match : 'whole';
}
