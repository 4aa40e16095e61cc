import { createHash } from 'node:crypto';

/** The same in every MSI of the product: versions that share it take each other's place. As in guruconnect.wxs. */
export const UPGRADE_CODE = '{0B6D3F6E-7C1B-4D0B-9A53-6B1A2C7F4E91}';

/** 43 characters, of which the dots are in no token. */
export const TOKEN_PLACEHOLDER = 'GuruConnect.Token.Placeholder.0000000000000';

/** A GUID in the spelling of Windows Installer, always the same for the same names. */
export function guidOf(...names: string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(names)).digest().subarray(0, 16);
  // Version 8 of RFC 9562: made of a hash in a way of our own.
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex').toUpperCase();
  return `{${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')}}`;
}
