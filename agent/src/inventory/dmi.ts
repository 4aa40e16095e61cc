import { createHash } from 'node:crypto';
import type { MachineFiles } from './machine-files.ts';

export interface Hardware {
  readonly manufacturer: string;
  readonly model: string;
  readonly serial: string;
  readonly serviceTag: string;
}

const DMI = '/sys/class/dmi/id';
const HARDWARE_TEXTS = [
  'sys_vendor',
  'board_vendor',
  'chassis_vendor',
  'product_name',
  'board_name',
  'product_version',
  'product_serial',
  'chassis_serial',
  'board_serial',
  'chassis_asset_tag',
] as const;

/** What manufacturers leave in when they have nothing to say. */
const PLACEHOLDERS =
  /^(to be filled.*|default string|not (specified|applicable|available|present|settable)|none|n\/?a|unknown|invalid|empty|o\.?e\.?m\.?.*|(system|chassis|base ?board) (manufacturer|product name|serial number|version|asset tag)|system ?(name|version|product|sku)|(chassis|no|asset) ?asset ?tag|no asset.*|asset-?\d*|serial ?(number|#)?|123456789|0123456789|[0x.\-\s]*|\*+)$/i;

/** Maker, model and numbers of this computer; empty where it does not say. The serials can be read by root alone. */
export async function readHardware(files: MachineFiles): Promise<Hardware> {
  const texts = new Map<string, string>();
  for (const name of HARDWARE_TEXTS) texts.set(name, await files.text(`${DMI}/${name}`));
  const hardware = hardwareOf(texts);
  return hardware.model === '' && hardware.manufacturer === '' ? deviceTree(files) : hardware;
}

/** The same from the texts of a BIOS by the names that sysfs gives them. */
export function hardwareOf(texts: ReadonlyMap<string, string>): Hardware {
  const dmi = (name: (typeof HARDWARE_TEXTS)[number]) => meaningful(texts.get(name) ?? '');
  const first = (...names: (typeof HARDWARE_TEXTS)[number][]) =>
    names.map(dmi).find((value) => value !== '') ?? '';
  const manufacturer = first('sys_vendor', 'board_vendor', 'chassis_vendor');
  const name = first('product_name', 'board_name');
  // Lenovo's product name is a number of its own; the name that people know is the version.
  const version = /lenovo/i.test(manufacturer) ? dmi('product_version') : '';
  const serial = first('product_serial', 'chassis_serial', 'board_serial');
  const serviceTag = /dell/i.test(manufacturer) ? serial : dmi('chassis_asset_tag');
  return {
    manufacturer,
    model: version === '' || version === name ? name : `${version} (${name})`,
    serial,
    serviceTag,
  };
}

/** Boards without a BIOS, for example ARM ones. */
async function deviceTree(files: MachineFiles): Promise<Hardware> {
  const read = async (name: string) =>
    meaningful((await files.text(`/proc/device-tree/${name}`)).replaceAll('\0', ''));
  return {
    manufacturer: '',
    model: await read('model'),
    serial: await read('serial-number'),
    serviceTag: '',
  };
}

/** SHA-256 in hex of what names this very computer; empty when nothing does. A copied disk does not carry it along. */
export async function hardwareId(files: MachineFiles): Promise<string> {
  return hardwareIdOf(await files.text(`${DMI}/product_uuid`), await readHardware(files));
}

/** The same for a UUID and hardware that are known. */
export function hardwareIdOf(productUuid: string, { manufacturer, model, serial }: Hardware): string {
  const uuid = productUuid.trim().toLowerCase();
  const named = isUnique(uuid) ? uuid : serial === '' ? '' : `${manufacturer}\n${model}\n${serial}`;
  return named === '' ? '' : createHash('sha256').update(`hardware\n${named}`).digest('hex');
}

function isUnique(uuid: string): boolean {
  const digits = uuid.replaceAll('-', '');
  // One that thousands of boards share.
  if (uuid === '03000200-0400-0500-0006-000700080009') return false;
  return /^[0-9a-f]{32}$/.test(digits) && new Set(digits).size > 2;
}

export function meaningful(text: string): string {
  const value = text.trim();
  return PLACEHOLDERS.test(value) ? '' : value;
}
