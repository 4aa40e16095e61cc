import * as z from 'zod/mini';

/** What a resource of a program consists of: text, or the bytes of a file. */
const Resource = z.union([
  z.object({ name: z.string(), base64: z.string() }),
  z.object({ name: z.string(), file: z.string() }),
]);
export type ProgramResource = z.infer<typeof Resource>;

/** Puts resources into a copy of a program. */
export const ProgramJob = z.object({
  id: z.int(),
  source: z.string(),
  /** Of the source, in hex: it may be written anew while we read. */
  sourceSha256: z.string(),
  target: z.string(),
  resources: z.array(Resource),
});
export type ProgramJob = z.infer<typeof ProgramJob>;

export const ProgramJobAnswer = z.object({
  id: z.int(),
  /** In plain words; null when it is done. */
  problem: z.nullable(z.string()),
});
export type ProgramJobAnswer = z.infer<typeof ProgramJobAnswer>;
