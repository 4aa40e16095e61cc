import * as z from 'zod/mini';

const Line = z.string().check(z.maxLength(200));

/** What an agent says about its machine; shown to technicians, never trusted for a decision. */
export const MachineInfo = z.object({
  hostname: Line,
  user: Line,
  os: z.enum(['linux', 'windows', 'macos']),
  osName: Line,
  agentVersion: Line,
  elevated: z.boolean(),
});
export type MachineInfo = z.infer<typeof MachineInfo>;

/** One monitor, in desktop pixels. `index` is its number on the wire for this connection. */
export const DisplayInfo = z.object({
  index: z.int().check(z.gte(0), z.lte(63)),
  id: Line,
  name: Line,
  x: z.int(),
  y: z.int(),
  width: z.int().check(z.gte(1), z.lte(32767)),
  height: z.int().check(z.gte(1), z.lte(32767)),
  primary: z.boolean(),
});
export type DisplayInfo = z.infer<typeof DisplayInfo>;
