import { GuruError } from '@guruconnect/shared';

/** How long a machine may take to start before it is said that it did not. */
export const WAKE_PATIENCE_MS = 120_000;

export type WakeProgress =
  | { readonly kind: 'idle' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'waiting'; readonly askedAgents: number }
  | { readonly kind: 'came-online'; readonly afterMs: number }
  | { readonly kind: 'stayed-away'; readonly askedAgents: number }
  | { readonly kind: 'refused'; readonly sentence: string };

/** What happens with a wake, for a person; undefined while none is going on. */
export function describeWake(progress: WakeProgress): string | undefined {
  switch (progress.kind) {
    case 'idle':
      return undefined;
    case 'asking':
      return 'Looking for a computer that can wake it…';
    case 'waiting':
      return `Asked ${agents(progress.askedAgents)} on its network to wake it. Waiting for it to come online…`;
    case 'came-online':
      return `It came online after ${Math.max(1, Math.round(progress.afterMs / 1000))} s.`;
    case 'stayed-away':
      return `It did not come online within 2 minutes, though ${agents(progress.askedAgents)} sent the wake-up packet. It may be unplugged, or waking by network is off in its firmware.`;
    case 'refused':
      return progress.sentence;
  }
}

const REASONS: Record<string, string> = {
  'no-peer': 'No other online computer is on its network, so nothing there can wake it.',
  online: 'It is online already.',
  'no-mac': 'Its network card is not known yet: it must have been online once.',
};

/** Why a wake was refused, in plain words where the reason is known. */
export function wakeRefusal(error: unknown): string {
  if (!(error instanceof GuruError)) return 'It could not be woken: something went wrong on this page.';
  const reason = error.details?.reason;
  return (typeof reason === 'string' ? REASONS[reason] : undefined) ?? error.message;
}

function agents(count: number): string {
  return `${count} ${count === 1 ? 'computer' : 'computers'}`;
}
