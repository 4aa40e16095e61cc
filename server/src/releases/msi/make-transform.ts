import { type CompoundStream, writeCompoundFile } from './compound-file.ts';
import { uint16s, uint32s } from './little-endian.ts';
import { UPGRADE_CODE } from './msi-identity.ts';

export interface TransformOptions {
  readonly productCode: string;
  readonly version: string;
  /** Properties that the MSI has already, with other values. */
  readonly changed: Readonly<Record<string, string>>;
  /** Properties that it has not. */
  readonly added: Readonly<Record<string, string>>;
}

/** {000C1082-0000-0000-C000-000000000046}: a transform. */
const TRANSFORM_CLASS = Buffer.from('82100c0000000000c000000000000046', 'hex');
/** {F29F85E0-4FF9-1068-AB91-08002B27B3D9}: the properties of a summary. */
const SUMMARY_FORMAT = Buffer.from('e0859ff2f94f6810ab9108002b27b3d9', 'hex');
const UTF8 = 65001;
/** Which of a row's columns follow: the second, for a change; both, for a new row. */
const CHANGE = 0x0002;
const ADD = 0x0201;

/**
 * A transform (MST) that sets properties of an MSI, as Windows Installer reads it: the changes of its Property table
 * with a string pool of their own. The layout is not in Microsoft's documentation; it is what msi.dll and Wine read.
 * Under Windows itself it was not tried.
 */
export function makeTransform(options: TransformOptions): Buffer {
  const texts: string[] = [];
  const idOf = (text: string) => {
    if (!texts.includes(text)) texts.push(text);
    return texts.indexOf(text) + 1;
  };
  const rows = [
    ...Object.entries(options.changed).map(([name, value]) => [CHANGE, idOf(name), idOf(value)]),
    ...Object.entries(options.added).map(([name, value]) => [ADD, idOf(name), idOf(value)]),
  ];
  const encoded = texts.map((text) => Buffer.from(text, 'utf8'));
  const pool = encoded.flatMap((bytes) => [bytes.length, 1]);
  const streams: CompoundStream[] = [
    { name: '\u0005SummaryInformation', bytes: summary(options) },
    { name: mangled('_StringPool'), bytes: uint16s(UTF8, 0, ...pool) },
    { name: mangled('_StringData'), bytes: Buffer.concat(encoded) },
    { name: mangled('Property'), bytes: uint16s(...rows.flat()) },
  ];
  return writeCompoundFile(TRANSFORM_CLASS, streams);
}

/** Names of tables in the spelling of MSI files: two characters in one code unit. */
function mangled(name: string): string {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._';
  const at = (index: number) => alphabet.indexOf(name.charAt(index));
  let text = '\u4840';
  for (let index = 0; index < name.length; index += 2) {
    const isPair = index + 1 < name.length;
    text += String.fromCharCode(isPair ? 0x3800 + at(index) + (at(index + 1) << 6) : 0x4800 + at(index));
  }
  return text;
}

/** The property set that says which MSI the transform is for (MS-OLEPS). */
function summary({ productCode, version }: TransformOptions): Buffer {
  const product = `${productCode}${version}`;
  const properties: [number, Buffer][] = [
    [1, typed(2, uint16s(1252, 0))],
    [2, text('Transform')],
    [3, text('GuruConnect')],
    [4, text('GuruConnect')],
    [7, text('x64;1033')],
    [9, text(`${product};${product};${UPGRADE_CODE}`)],
    // Windows Installer 5.0.
    [14, typed(3, uint32s(500))],
    // No condition but the product; errors such as a property that is there already are passed over.
    [16, typed(3, uint32s(0x1f))],
    [18, text('GuruConnect')],
    [19, typed(3, uint32s(4))],
  ];
  const first = 8 + properties.length * 8;
  const index: Buffer[] = [];
  let offset = first;
  for (const [id, bytes] of properties) {
    index.push(uint32s(id), uint32s(offset));
    offset += bytes.length;
  }
  const section = [
    uint32s(offset),
    uint32s(properties.length),
    ...index,
    ...properties.map(([, bytes]) => bytes),
  ];
  const head = [
    uint16s(0xfffe, 0),
    uint32s(0x00020005),
    Buffer.alloc(16),
    uint32s(1),
    SUMMARY_FORMAT,
    uint32s(48),
  ];
  return Buffer.concat([...head, ...section]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(`${value}\0`, 'ascii');
  return typed(30, Buffer.concat([uint32s(bytes.length), bytes, Buffer.alloc(-bytes.length & 3)]));
}

function typed(type: number, value: Buffer): Buffer {
  return Buffer.concat([uint32s(type), value]);
}
