/** What sysfs calls the texts of SMBIOS, by structure and place of the text's number (DMTF DSP0134). */
const TEXTS: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  1: {
    sys_vendor: 0x04,
    product_name: 0x05,
    product_version: 0x06,
    product_serial: 0x07,
  },
  2: { board_vendor: 0x04, board_name: 0x05, board_serial: 0x07 },
  3: { chassis_vendor: 0x04, chassis_serial: 0x07, chassis_asset_tag: 0x08 },
};
const SYSTEM = 1;
const END = 127;
const UUID_AT = 0x08;
/** Of `RawSMBIOSData`, as Windows hands it out. */
const HEADER_BYTES = 8;

/**
 * The texts of an SMBIOS table by the names that Linux gives them, and `product_uuid`. Of several structures of a kind
 * the first counts. A table that is cut off gives what it still has.
 */
export function parseSmbios(raw: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const isBefore26 = (raw[1] ?? 0) * 256 + (raw[2] ?? 0) < 0x0206;
  let at = HEADER_BYTES;
  while (at + 4 <= raw.length) {
    const type = raw.readUInt8(at);
    const length = raw.readUInt8(at + 1);
    if (type === END || length < 4 || at + length > raw.length) break;
    const fields = raw.subarray(at, at + length);
    const { texts, end } = readTexts(raw, at + length);
    for (const [name, place] of Object.entries(TEXTS[type] ?? {})) {
      const number = fields[place] ?? 0;
      if (!found.has(name) && number > 0) found.set(name, texts[number - 1] ?? '');
    }
    if (type === SYSTEM && length >= UUID_AT + 16 && !found.has('product_uuid')) {
      found.set('product_uuid', uuidOf(fields.subarray(UUID_AT, UUID_AT + 16), isBefore26));
    }
    at = end;
  }
  return found;
}

/** Each ends with a zero, all of them with another one. */
function readTexts(raw: Buffer, from: number): { texts: string[]; end: number } {
  const texts: string[] = [];
  let at = from;
  for (;;) {
    const end = raw.indexOf(0, at);
    if (end === -1) return { texts, end: raw.length };
    if (end === at) return { texts, end: texts.length === 0 ? at + 2 : at + 1 };
    texts.push(raw.toString('latin1', at, end).trim());
    at = end + 1;
  }
}

/** The first three fields are little-endian since 2.6. */
function uuidOf(bytes: Buffer, isBigEndian: boolean): string {
  const hex = (from: number, to: number, turned: boolean) => {
    const part = Buffer.from(bytes.subarray(from, to));
    return (turned && !isBigEndian ? part.reverse() : part).toString('hex');
  };
  return [hex(0, 4, true), hex(4, 6, true), hex(6, 8, true), hex(8, 10, false), hex(10, 16, false)].join('-');
}
