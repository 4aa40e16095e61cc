import type { MachineFiles } from './machine-files.ts';

export interface Disk {
  /** Where it is mounted. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** Total and free bytes of the file system at a path; undefined when it does not say. */
export type MeasureDisk = (path: string) => Promise<{ total: number; free: number } | undefined>;

/** As many as an inventory may have. */
export const MAX_DISKS = 64;

/** On block devices they are what people call a drive; network shares and images of software are not. */
const NO_DRIVE = /^(squashfs|iso9660|udf|erofs|cramfs|fuse\..*|autofs|nfs.*|cifs|smb.*)$/;

/** Where drives are mounted: each once, at the shortest of its places. */
export async function readMountPoints(files: MachineFiles): Promise<string[]> {
  const text = (await files.text('/proc/self/mounts')) || (await files.text('/proc/mounts'));
  const places = new Map<string, string>();
  let root: string | undefined;
  for (const line of text.split('\n')) {
    const [device = '', rawPlace = '', type = ''] = line.split(' ');
    // proc_mounts(5) writes a space as \040.
    const place = rawPlace.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    if (place === '/') root = device;
    const isDrive = (device.startsWith('/dev/') || type === 'zfs') && !device.startsWith('/dev/loop');
    if (!isDrive || NO_DRIVE.test(type)) continue;
    const known = places.get(device);
    if (known === undefined || place.length < known.length) places.set(device, place);
  }
  // A container's root is an overlay.
  if (root !== undefined && !places.has(root)) places.set(root, '/');
  return [...new Set(places.values())].sort();
}

export async function readDisks(files: MachineFiles, measure: MeasureDisk): Promise<Disk[]> {
  const disks: Disk[] = [];
  for (const name of await readMountPoints(files)) {
    const size = await measure(name);
    if (size && size.total > 0) disks.push({ name, sizeBytes: size.total });
  }
  return disks;
}
