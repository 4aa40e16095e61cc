export type NativeTarget = 'addon' | 'probe' | 'flipWindow' | 'paintClient';

/** Builds what is not built yet and returns each target's path. Throws with what to install when something lacks. */
export function buildNative(options?: {
  readonly log?: (line: string) => void;
  readonly targets?: readonly NativeTarget[];
  readonly sanitized?: boolean;
}): Promise<Record<NativeTarget, string>>;
