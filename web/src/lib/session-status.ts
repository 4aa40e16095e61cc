import type { SessionView } from '@guruconnect/shared';
import type { BadgeTone } from '../components/badge.tsx';
import { END_REASON_TEXT } from './end-reason-text.ts';

export interface SessionStatus {
  label: 'Waiting' | 'Starting' | 'Connected' | 'Asking consent' | 'Live' | 'Paused' | 'Lost' | 'Ended';
  tone: BadgeTone;
  /** One sentence about what is going on or what comes next. */
  detail: string;
}

/** The four parts of a session's state as one word and one sentence for a technician. */
export function describeSession(session: SessionView): SessionStatus {
  const { lifecycle, endpoint, participants } = session;
  if (lifecycle.phase === 'ended') {
    return { label: 'Ended', tone: 'neutral', detail: END_REASON_TEXT[lifecycle.reason] };
  }
  if (endpoint.kind === 'lost') {
    return {
      label: 'Lost',
      tone: 'danger',
      detail: 'The computer lost its connection. It is trying to come back.',
    };
  }
  if (lifecycle.phase === 'waiting') return waiting(session);
  if (endpoint.kind === 'none' && session.origin === 'machine') return STARTING;
  if (endpoint.kind === 'none') {
    return { label: 'Starting', tone: 'accent', detail: 'The end user is here; the app is not running yet.' };
  }
  if (participants.some((one) => one.grant.status === 'asked')) {
    return { label: 'Asking consent', tone: 'warning', detail: 'The end user is asked for permission.' };
  }
  if (participants.some((one) => one.grant.status === 'allowed' && one.connected)) {
    return { label: 'Live', tone: 'success', detail: 'The screen is being shared.' };
  }
  if (participants.some((one) => one.grant.status === 'paused')) {
    return { label: 'Paused', tone: 'warning', detail: 'The session is paused.' };
  }
  if (participants.some((one) => one.grant.status === 'refused')) {
    return { label: 'Connected', tone: 'accent', detail: 'The end user declined. Join to ask again.' };
  }
  return { label: 'Connected', tone: 'accent', detail: 'The computer is ready. Join to start.' };
}

const STARTING: SessionStatus = {
  label: 'Starting',
  tone: 'accent',
  detail: 'The agent on the machine is being started.',
};

function waiting(session: SessionView): SessionStatus {
  if (session.origin === 'machine') return STARTING;
  const detail =
    session.origin === 'portal'
      ? 'The end user has a code to read out.'
      : 'Waiting for the end user to enter the code.';
  return { label: 'Waiting', tone: 'neutral', detail };
}

/** What to call a session in a list: its name, else the machine, else the code. */
export function titleOf(session: SessionView): string {
  if (session.name) return session.name;
  if (session.machine) return session.machine.hostname;
  return session.origin === 'portal' ? 'Support request' : 'Support session';
}
