import type { MachineFiles } from './machine-files.ts';

/** Model and number of logical processors by /proc/cpuinfo. */
export async function readProcessor(files: MachineFiles): Promise<{ model: string; cores: number }> {
  const text = await files.text('/proc/cpuinfo');
  const field = (name: string) =>
    new RegExp(`^${name}\\s*:\\s*(.+)$`, 'mi').exec(text)?.[1]?.replaceAll(/\s+/g, ' ').trim() ?? '';
  const cores = [...text.matchAll(/^processor\s*:\s*\d+/gm)].length;
  // ARM kernels name the board instead of the processor.
  return { model: field('model name') || field('hardware') || field('cpu model') || field('model'), cores };
}

/** Total and available bytes by proc_meminfo(5). */
export async function readMemory(files: MachineFiles): Promise<{ total: number; available: number | null }> {
  const text = await files.text('/proc/meminfo');
  const bytes = (name: string) => {
    const [, kibi] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text) ?? [];
    return kibi === undefined ? null : Number(kibi) * 1024;
  };
  return { total: bytes('MemTotal') ?? 0, available: bytes('MemAvailable') ?? bytes('MemFree') };
}
