import { GuruError } from '@guruconnect/shared';

/** Undoes raw deflate, off the page's thread; throws `invalid-message` unless exactly `length` bytes come of it. */
export async function inflateRaw(deflated: Uint8Array, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const inflated = new Uint8Array(length);
  const reader = new Blob([Uint8Array.from(deflated)])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw'))
    .getReader();
  let at = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (at + value.length > length) throw GuruError.invalid('The tiles are too long.');
      inflated.set(value, at);
      at += value.length;
    }
  } catch (error) {
    // What a few bytes grow into is not waited for.
    reader.cancel().catch(() => undefined);
    throw error instanceof GuruError ? error : GuruError.invalid('The tiles cannot be inflated.', error);
  }
  if (at !== length) throw GuruError.invalid('The tiles are too short.');
  return inflated;
}
