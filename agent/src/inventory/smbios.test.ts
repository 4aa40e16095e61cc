import { describe, expect, it } from 'vitest';
import { hardwareIdOf, hardwareOf } from './dmi.ts';
import { parseSmbios } from './smbios.ts';

/** One structure: its formatted part after type and length, then its texts. */
function structure(type: number, fields: readonly number[], ...texts: string[]): Buffer {
  const head = Buffer.from([type, fields.length + 2, ...fields]);
  const tail = texts.length === 0 ? '\0\0' : `${texts.join('\0')}\0\0`;
  return Buffer.concat([head, Buffer.from(tail, 'latin1')]);
}

/** As `GetSystemFirmwareTable` gives it: calling method, version, revision, length, table. */
function table(version: readonly [number, number], ...structures: Buffer[]): Buffer {
  const body = Buffer.concat(structures);
  const head = Buffer.from([0, ...version, 0, 0, 0, 0, 0]);
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

const HANDLE = [0, 0];
const UUID = Buffer.from('44454c4c480010368050b7c04f4a3232', 'hex');
const BIOS = structure(0, [...HANDLE, 1, 2, 0, 0xf0, 3, 0], 'Dell Inc.', '1.21.0', '03/14/2023');
const SYSTEM = structure(
  1,
  [...HANDLE, 1, 2, 0, 3, ...UUID, 6, 4, 5],
  'Dell Inc.',
  'OptiPlex 7090',
  'H6P0J22 ',
  '0A5C',
  'OptiPlex',
);
const BOARD = structure(2, [...HANDLE, 1, 2, 3, 4], 'Dell Inc.', '0K240Y', 'A01', '/H6P0J22/CN');
const CHASSIS = structure(3, [...HANDLE, 1, 3, 0, 2, 3], 'Dell Inc.', 'H6P0J22', 'HQ-0042');
const END = structure(127, HANDLE);

describe('the table of a BIOS', () => {
  it('names the computer, its maker and its numbers', () => {
    const texts = parseSmbios(table([3, 2], BIOS, SYSTEM, BOARD, CHASSIS, END));
    expect(hardwareOf(texts)).toEqual({
      manufacturer: 'Dell Inc.',
      model: 'OptiPlex 7090',
      serial: 'H6P0J22',
      serviceTag: 'H6P0J22',
    });
    expect(texts.get('chassis_asset_tag')).toBe('HQ-0042');
  });

  it('has the first fields of its UUID little-endian since 2.6', () => {
    expect(parseSmbios(table([3, 2], SYSTEM)).get('product_uuid')).toBe(
      '4c4c4544-0048-3610-8050-b7c04f4a3232',
    );
    expect(parseSmbios(table([2, 5], SYSTEM)).get('product_uuid')).toBe(
      '44454c4c-4800-1036-8050-b7c04f4a3232',
    );
  });

  it('gives what it still has when it is cut off, and nothing when there is none', () => {
    const whole = table([3, 2], BIOS, SYSTEM, BOARD, CHASSIS, END);
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => parseSmbios(whole.subarray(0, length))).not.toThrow();
    }
    expect(parseSmbios(whole.subarray(0, 8 + BIOS.length + SYSTEM.length)).get('product_name')).toBe(
      'OptiPlex 7090',
    );
    expect(parseSmbios(Buffer.alloc(0)).size).toBe(0);
  });

  it('ends at the structure that says so, and skips structures without texts', () => {
    const memory = structure(16, [...HANDLE, 3, 3, 3]);
    const texts = parseSmbios(table([3, 2], memory, SYSTEM, END, BOARD));
    expect(texts.get('sys_vendor')).toBe('Dell Inc.');
    expect(texts.get('board_vendor')).toBeUndefined();
  });

  it('gives the same id for this computer as Linux would', () => {
    const texts = parseSmbios(table([3, 2], SYSTEM));
    const id = hardwareIdOf(texts.get('product_uuid') ?? '', hardwareOf(texts));
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(hardwareIdOf('4C4C4544-0048-3610-8050-B7C04F4A3232\n', hardwareOf(new Map()))).toBe(id);
  });
});
