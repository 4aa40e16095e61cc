/** A display's secret, as the X server wants to be greeted with. */
export interface XCookie {
  readonly name: string;
  readonly data: Buffer;
}

const LOCAL = 256;
const WILD = 65_535;
const COOKIE = 'MIT-MAGIC-COOKIE-1';

/** The cookie of a display in a file in the format of Xauthority(7); undefined when it has none. */
export function findCookie(bytes: Buffer, display: number): XCookie | undefined {
  let at = 0;
  const field = (): Buffer | undefined => {
    if (at + 2 > bytes.length) return undefined;
    const length = bytes.readUInt16BE(at);
    const value = bytes.subarray(at + 2, at + 2 + length);
    at += 2 + length;
    return value.length === length ? value : undefined;
  };
  while (at + 2 <= bytes.length) {
    const family = bytes.readUInt16BE(at);
    at += 2;
    const fields = [field(), field(), field(), field()];
    const [address, number, name, data] = fields;
    if (!address || !number || !name || !data) return undefined;
    const isDisplay = number.length === 0 || number.toString() === String(display);
    if ((family === LOCAL || family === WILD) && isDisplay && name.toString() === COOKIE) {
      return { name: COOKIE, data: Buffer.from(data) };
    }
  }
  return undefined;
}
