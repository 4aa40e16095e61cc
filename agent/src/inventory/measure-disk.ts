import { statfs } from 'node:fs/promises';
import type { MeasureDisk } from './disks.ts';

/** Sizes of the file system at a path, by statfs(2). */
export const measureDisk: MeasureDisk = async (path) => {
  try {
    const { bsize, blocks, bavail } = await statfs(path);
    return { total: bsize * blocks, free: bsize * bavail };
  } catch {
    // Taken out in the meantime.
    return undefined;
  }
};
