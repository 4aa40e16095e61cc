import { CHANNELS, type ChannelLabel } from '../control/control-messages.ts';

/**
 * What is sealed with a key of its own: every data channel, and `video` for a path that does not encrypt its
 * pictures itself (the relay: pictures to the viewer, feedback to the agent).
 */
export type SealedLabel = ChannelLabel | 'video';

/** All of them; the one that is needed first comes first. */
export const SEALED_LABELS: readonly SealedLabel[] = [
  'control',
  ...(Object.keys(CHANNELS) as ChannelLabel[]).filter((label) => label !== 'control'),
  'video',
];

/** Whether nothing may be missing between two messages. Old pictures may be left out, so `video` has gaps. */
export function isGapless(label: SealedLabel): boolean {
  return label !== 'video' && CHANNELS[label].ordered;
}
