import { describe, expect, it } from 'vitest';
import { encodeIcuPackage, findIcuPackage } from './icu-package.mjs';
import { isKept, shrinkIcu } from './shrink-icu.mjs';

const HEADER = Buffer.alloc(32);
HEADER.writeUInt16LE(32, 0);
HEADER.set([0xda, 0x27], 2);
HEADER.write('CmnD', 12);

/** A program with language data: something, the data's header, the data, something. */
function program(items: Record<string, string>): Buffer {
  const sorted = Object.entries(items)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => ({ name: `icudt78l/${name}`, data: Buffer.from(text) }));
  return Buffer.concat([
    Buffer.from('MZ, and CmnD by chance'.padEnd(64)),
    HEADER,
    encodeIcuPackage(sorted),
    Buffer.from('code behind it'),
  ]);
}

const ITEMS = {
  'curr/de.res': 'x'.repeat(100),
  'curr/en.res': 'dollars',
  'de.res': 'Deutsch '.repeat(50),
  'en.res': 'English',
  'ibm-1252.cnv': 'letters',
  'uts46.nrm': 'names of hosts',
  'zu.res': 'isiZulu',
};

describe('the language data of a program', () => {
  it('is found and read whatever stands before it', () => {
    const { items, lastName } = findIcuPackage(program(ITEMS));
    expect(items.map(({ name }) => name)).toEqual(
      ['curr/de.res', 'curr/en.res', 'de.res', 'en.res', 'ibm-1252.cnv', 'uts46.nrm'].map(
        (name) => `icudt78l/${name}`,
      ),
    );
    expect(items[3]?.data.toString().replaceAll('\0', '')).toBe('English');
    expect(lastName).toBe('icudt78l/zu.res');
  });

  it('is refused where there is none', () => {
    expect(() => findIcuPackage(Buffer.from('a program'.padEnd(64)))).toThrow(/no ICU data/);
  });

  it('shrinks to what is kept; nothing else in the program moves or changes', () => {
    const before = program(ITEMS);
    const copy = Buffer.from(before);
    const { program: after, keptItems, allItems, keptBytes } = shrinkIcu(before);
    expect(before.equals(copy)).toBe(true);
    expect(after.length).toBe(before.length);
    expect([keptItems, allItems]).toEqual([3, 7]);

    const { start, end } = findIcuPackage(before);
    expect(after.subarray(0, start).equals(before.subarray(0, start))).toBe(true);
    expect(after.subarray(end).equals(before.subarray(end))).toBe(true);
    expect(after.subarray(start + keptBytes, end).every((byte) => byte === 0)).toBe(true);
    expect(after.includes('Deutsch')).toBe(false);

    // Reading finds all but the last: its length is written nowhere.
    const { items, lastName } = findIcuPackage(after);
    expect(items.map(({ data }) => data.toString().replaceAll('\0', ''))).toEqual(['dollars', 'English']);
    expect(lastName).toBe('icudt78l/uts46.nrm');
  });

  it('is not shrunk when the last item, whose length is unknown, would have to stay', () => {
    const { 'zu.res': _, ...rest } = ITEMS;
    expect(() => shrinkIcu(program(rest))).toThrow(/uts46\.nrm, would have to stay/);
  });
});

describe('what is kept', () => {
  it.each([
    'root.res',
    'en.res',
    'en_GB.res',
    'pool.res',
    'res_index.res',
    'zoneinfo64.res',
    'supplementalData.res',
    'keyTypeData.res',
    'uts46.nrm',
    'rfc3491.spp',
    'cnvalias.icu',
    'coll/ucadata.icu',
    'coll/root.res',
    'curr/supplementalData.res',
    'zone/tzdbNames.res',
    'brkitr/word.brk',
    'lang/en.res',
  ])('%s', (name) => {
    expect(isKept(`icudt78l/${name}`)).toBe(true);
  });

  it.each([
    'de.res',
    'en_AU.res',
    'es_419.res',
    'sr_Latn_RS.res',
    'en_US_POSIX.res',
    'yue.res',
    'coll/zh.res',
    'curr/de_CH.res',
    'translit/root.res',
    'translit/de_ASCII.res',
    'rbnf/de.res',
    'brkitr/thaidict.dict',
    'brkitr/de.res',
    'brkitr/line_loose_cj.brk',
    'gb18030-2022.cnv',
    'unames.icu',
    'confusables.cfu',
  ])('not %s', (name) => {
    expect(isKept(`icudt78l/${name}`)).toBe(false);
  });
});
