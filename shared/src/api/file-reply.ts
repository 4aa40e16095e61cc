import * as z from 'zod/mini';

/** The answer of a route that gives a file instead of JSON. Browsers keep it, and ask each time whether it changed. */
export const FileReply = z.object({
  bytes: z.instanceof(Uint8Array),
  mimeType: z.string(),
  /** Changes whenever the bytes do; without quotation marks. */
  tag: z.string(),
});
export type FileReply = z.infer<typeof FileReply>;
