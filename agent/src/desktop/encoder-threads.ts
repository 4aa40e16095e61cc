/** A smaller picture is coded within a few milliseconds by one thread, and slices only make it larger. */
const LEAST_PIXELS_A_THREAD = 900_000;
const MOST = 4;

/**
 * How many threads shall code one picture side by side. Half of the cores at most: the user's own programs, the display
 * server and the rest of the agent want the others. They run at the usual niceness, see `npm run bench -- native`: the
 * scheduler shares fairly anyway, and a niceness of 5 beside two busy programs takes two thirds of the pictures and
 * gives those programs a tenth.
 */
export function encoderThreads(cores: number, pixels: number): number {
  const useful = Math.floor(pixels / LEAST_PIXELS_A_THREAD);
  return Math.max(1, Math.min(MOST, Math.floor(cores / 2), useful));
}
