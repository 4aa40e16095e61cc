import { expect, it } from 'vitest';
import { parseRegistryFile } from './wine-registry.ts';

const utf16 = (text: string) => Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`, 'utf16le');

it('reads every kind of value that Windows exports', () => {
  const keys = parseRegistryFile(
    utf16(`Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\\Software\\GuruConnect]
@="default"
"Company"="Acme \\"Süd\\" \\\\ Co"
"Interval"=dword:0000001e
"Bytes"=hex:01,02,\\
  ff
"Path"=hex(2):25,00,41,00,25,00,00,00
"Names"=hex(7):61,00,00,00,62,00,00,00,00,00
"Long"=hex(b):00,00,00,00,01,00,00,00

[HKEY_LOCAL_MACHINE\\Software\\GuruConnect\\Empty]
`),
  );
  expect([...keys.keys()]).toEqual([
    'HKEY_LOCAL_MACHINE\\Software\\GuruConnect',
    'HKEY_LOCAL_MACHINE\\Software\\GuruConnect\\Empty',
  ]);
  expect(Object.fromEntries(keys.get('HKEY_LOCAL_MACHINE\\Software\\GuruConnect') ?? [])).toEqual({
    '@': 'default',
    Company: 'Acme "Süd" \\ Co',
    Interval: 30,
    Bytes: Uint8Array.of(1, 2, 255),
    Path: '%A%',
    Names: ['a', 'b'],
    Long: 2 ** 32,
  });
});
