/** A value of the registry: text, number, several texts, or bytes. */
export type RegistryValue = string | number | readonly string[] | Uint8Array;

/** Names to values; the key's default value is called `@`. */
export type RegistryValues = ReadonlyMap<string, RegistryValue>;

/** Reads what `reg export` writes (UTF-16 text, version 5): keys by their whole path, in the case they have. */
export function parseRegistryFile(bytes: Uint8Array): Map<string, RegistryValues> {
  const text = new TextDecoder('utf-16le').decode(bytes);
  const keys = new Map<string, Map<string, RegistryValue>>();
  let current = new Map<string, RegistryValue>();
  // Long values go on in the next line after a backslash.
  for (const line of text.replace(/\\\r?\n\s*/g, '').split(/\r?\n/)) {
    const key = /^\[(.+)\]$/.exec(line)?.[1];
    if (key !== undefined) {
      current = new Map();
      keys.set(key, current);
      continue;
    }
    const [, name, value] = /^(@|"(?:[^"\\]|\\.)*")=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      current.set(name === '@' ? '@' : unquote(name), parseValue(value));
    }
  }
  return keys;
}

function parseValue(text: string): RegistryValue {
  if (text.startsWith('"')) return unquote(text);
  const dword = /^dword:([0-9a-f]{8})$/i.exec(text)?.[1];
  if (dword) return Number.parseInt(dword, 16);
  const [, kind, hex] = /^hex(?:\((\w)\))?:(.*)$/i.exec(text) ?? [];
  if (hex === undefined) throw new Error(`A value of the registry that is not understood: ${text}`);
  const bytes = Uint8Array.from(hex.split(',').filter(Boolean), (byte) => Number.parseInt(byte, 16));
  switch (kind) {
    case '1':
    case '2':
      return utf16(bytes).replace(/\0$/, '');
    case '7':
      return utf16(bytes)
        .replace(/\0{1,2}$/, '')
        .split('\0');
    case 'b':
      return Number(new DataView(bytes.buffer).getBigUint64(0, true));
    default:
      return bytes;
  }
}

const utf16 = (bytes: Uint8Array) => new TextDecoder('utf-16le').decode(bytes);

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}
