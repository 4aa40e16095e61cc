import { createHash } from 'node:crypto';
import type { Draw } from './random.ts';
import { COMPANY_WORDS } from './vocabulary.ts';

export interface CompanyPlan {
  readonly id: string;
  readonly name: string;
  /** Begins its hostnames. */
  readonly prefix: string;
  /** First two numbers of its private addresses. */
  readonly network: string;
  readonly externalIp: string;
  readonly sites: readonly { readonly id: string; readonly name: string }[];
}

const SITE_NAMES = [
  'Head office',
  'Warehouse',
  'North branch',
  'South branch',
  'Plant',
  'Shop',
  'Data centre',
];

/** Companies with their sites, each site with a company; names are of two words, numbered once they run out. */
export function makeCompanies(draw: Draw, count: number, siteCount: number): CompanyPlan[] {
  const { first, second } = COMPANY_WORDS;
  return Array.from({ length: count }, (_, at) => {
    const pair = at % (first.length * second.length);
    const [one = '', two = ''] = [first[pair % first.length], second[Math.floor(pair / first.length)]];
    const round = Math.floor(at / (first.length * second.length));
    const name = `${one} ${two}${round > 0 ? ` ${round + 1}` : ''}`;
    const own = Math.floor(siteCount / count) + (at < siteCount % count ? 1 : 0);
    return {
      id: draw.uuid(),
      name,
      prefix: prefixOf(name, at),
      network: `10.${at % 250}`,
      externalIp: `203.0.${Math.floor(at / 250) % 250}.${1 + (at % 250)}`,
      sites: Array.from({ length: own }, (__, site) => ({
        id: draw.uuid(),
        name: `${SITE_NAMES[site % SITE_NAMES.length]}${site >= SITE_NAMES.length ? ` ${site + 1}` : ''}`,
      })),
    };
  });
}

/** Three letters of the name and one or two of a hash: different for most companies, as people choose them. */
function prefixOf(name: string, at: number): string {
  const hash = createHash('sha256').update(`${name}${at}`).digest('hex');
  return `${name.slice(0, 3)}${hash.replace(/[0-9]/g, '').slice(0, 2)}`.toUpperCase();
}
