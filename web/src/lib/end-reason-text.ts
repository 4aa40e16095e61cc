import type { EndReason } from '@guruconnect/shared';

/** Why a session ended, as both sides read it. */
export const END_REASON_TEXT: Record<EndReason, string> = {
  'technician-ended': 'Ended by the technician',
  'guest-stopped': 'Stopped by the end user',
  'agent-stopped': 'The app on the computer was closed',
  cancelled: 'The code was cancelled',
  'code-expired': 'The code expired',
  'idle-timeout': 'Ended after a time without activity',
  'maximum-duration': 'The longest allowed duration was reached',
  'admin-ended': 'Ended by an administrator',
  'nobody-left': 'Ended because nobody was connected any more',
};
