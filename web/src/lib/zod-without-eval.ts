import { config } from 'zod/mini';

/** Keeps zod from compiling its parsers with `new Function`, which our content security policy reports. */
export function configureZodWithoutEval(): void {
  config({ jitless: true });
}
