import type { Draw } from './random.ts';
import type { SqlClient } from './seed-machines.ts';
import { SURNAMES, TAGS } from './vocabulary.ts';

/** What is looked for in each round of a measurement. */
export interface SearchSamples {
  readonly word: readonly string[];
  readonly field: readonly string[];
}

interface Known {
  readonly host: string;
  readonly serial: string;
  readonly address: string;
  readonly mac: string;
  readonly asset: string;
  readonly company: string;
}

/** Words that half of the machines have: one search in ten is for such a one. */
const BROAD = ['windows', 'latitude', 'server', 'pro', 'dell', 'laptop', '10.', 'pc0', 'win', 'sales'];

/** Searches as technicians do them, for machines that are there: most for one machine or a few, some for very many. */
export async function searchSamples(db: SqlClient, draw: Draw, count: number): Promise<SearchSamples> {
  const { rows } = await db.query(
    `SELECT m.hostname AS host, m.serial, m.internal_ips[1] AS address, m.macs[1] AS mac,
       m.properties->>'asset' AS asset, c.name AS company
     FROM machines m JOIN companies c ON c.id = m.company_id WHERE m.removed_at IS NULL ORDER BY m.id LIMIT 500`,
  );
  const known = rows as Known[];
  const of = (kinds: readonly ((one: Known) => string)[]) =>
    Array.from({ length: count }, (_, at) => (kinds[at % kinds.length] ?? String)(draw.pick(known)));
  return {
    word: of([
      ({ host }) => host,
      ({ host }) => host.slice(0, 5),
      ({ serial }) => serial,
      ({ serial }) => serial.slice(2, 7),
      ({ address }) => address,
      ({ mac }) => mac,
      ({ company }) => company.split(' ')[0] ?? company,
      ({ asset }) => asset,
      () => draw.pick(SURNAMES),
      () => draw.pick(BROAD),
    ]),
    field: of([
      ({ company }) => `company:"${company}" is:online`,
      ({ address }) => `ip:${address.split('.').slice(0, 3).join('.')}.*`,
      ({ serial }) => `serial:${serial}`,
      ({ asset }) => `prop.asset:${asset}`,
      ({ host }) => `host:${host.slice(0, 8)}`,
      () => `user:*${draw.pick(SURNAMES)}`,
      () => `tag:"${draw.pick(TAGS)}"`,
      () => draw.pick(['os:"windows 11"', 'type:server', 'version:0.0.9', 'os:linux -type:server']),
      () => draw.pick(['offline>30d', 'checkin<1h', 'checkin>30d', 'accessed<7d', 'booted<10m']),
      () =>
        draw.pick(['is:flagged', 'is:outdated', 'model:latitude company:g*', 'department:sales is:online']),
    ]),
  };
}
