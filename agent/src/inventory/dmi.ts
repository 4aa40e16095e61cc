import { createHash } from 'node:crypto';
import type { MachineFiles } from './machine-files.ts';

export interface Hardware {
  readonly manufacturer: string;
  readonly model: string;
  readonly serial: string;
  readonly serviceTag: string;
}

const DMI = '/sys/class/dmi/id';

/** What manufacturers leave in when they have nothing to say. */
const PLACEHOLDERS =
  /^(to be filled.*|default string|not (specified|applicable|available|present|settable)|none|n\/?a|unknown|invalid|empty|o\.?e\.?m\.?.*|(system|chassis|base ?board) (manufacturer|product name|serial number|version|asset tag)|system ?(name|version|product|sku)|(chassis|no|asset) ?asset ?tag|no asset.*|asset-?\d*|serial ?(number|#)?|123456789|0123456789|[0x.\-\s]*|\*+)$/i;

/** Maker, model and numbers of this computer; empty where it does not say. The serials can be read by root alone. */
export async function readHardware(files: MachineFiles): Promise<Hardware> {
  const dmi = async (name: string) => meaningful(await files.text(`${DMI}/${name}`));
  const first = async (...names: string[]) => {
    for (const name of names) {
      const value = await dmi(name);
      if (value !== '') return value;
    }
    return '';
  };
  const manufacturer = await first('sys_vendor', 'board_vendor', 'chassis_vendor');
  const name = await first('product_name', 'board_name');
  // Lenovo's product name is a number of its own; the name that people know is the version.
  const version = /lenovo/i.test(manufacturer) ? await dmi('product_version') : '';
  const serial = await first('product_serial', 'chassis_serial', 'board_serial');
  const serviceTag = /dell/i.test(manufacturer) ? serial : await dmi('chassis_asset_tag');
  if (name === '' && manufacturer === '') return deviceTree(files);
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
  const uuid = (await files.text(`${DMI}/product_uuid`)).trim().toLowerCase();
  const { manufacturer, model, serial } = await readHardware(files);
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
