import { readFileSync } from 'node:fs';
import { NtExecutable, NtExecutableResource } from 'resedit';

/** Named RT_RCDATA resources of a Windows program. */
export function readResources(program: Uint8Array | string): Map<string, Buffer> {
  const bytes = typeof program === 'string' ? readFileSync(program) : program;
  const { entries } = NtExecutableResource.from(NtExecutable.from(bytes, { ignoreCert: true }));
  return new Map(
    entries
      .filter(({ type, lang }) => type === 10 && lang === 1033)
      .map(({ id, bin }) => [String(id), Buffer.from(bin)]),
  );
}
