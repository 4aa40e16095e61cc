export type NativeWindowsTarget = 'addon' | 'probe';

/** Builds for 64-bit Windows what is not built yet. Throws with what to install when something lacks. */
export function buildNativeWindows(options?: {
  readonly log?: (line: string) => void;
  readonly targets?: readonly NativeWindowsTarget[];
}): Promise<Record<NativeWindowsTarget, string>>;
