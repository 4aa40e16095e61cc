/**
 * Asks again and again until the answer is yes, for things outside that tell nobody when they change.
 * Rejects with `what` when `timeoutMs` have passed; as a function it is asked then, for a log that tells why. Resolves to
 * how long it took.
 */
export async function until(
  what: string | (() => string),
  isSo: () => boolean | Promise<boolean>,
  timeoutMs = 10_000,
): Promise<number> {
  const start = performance.now();
  for (;;) {
    if (await isSo()) return performance.now() - start;
    if (performance.now() - start > timeoutMs) {
      throw new Error(`${typeof what === 'string' ? what : what()}: not within ${timeoutMs} ms.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
