/** Builds the addon for 64-bit Windows if it is not built yet. Throws with what to install when something lacks. */
export function buildNativeWindows(options?: {
  readonly log?: (line: string) => void;
}): Promise<{ addon: string }>;
