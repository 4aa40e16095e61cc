import type { EndReason } from '@guruconnect/shared';

/** Where the server does not say why. */
export const SESSION_IS_OVER = 'The session is over.';

/** Why a session ended, for the person at the machine. */
export const END_TEXT: Readonly<Record<EndReason, string>> = {
  'technician-ended': 'Your technician has ended the session.',
  'guest-stopped': 'The session was stopped on the support page.',
  'agent-stopped': 'Stopped. Nobody can see this computer any more.',
  cancelled: 'The session was cancelled.',
  'code-expired': 'The code has expired.',
  'idle-timeout': 'The session has ended because nobody used it.',
  'maximum-duration': 'The session has reached its longest duration and has ended.',
  'admin-ended': 'An administrator has ended the session.',
  'nobody-left': 'The session has ended: nobody was connected any more.',
};
