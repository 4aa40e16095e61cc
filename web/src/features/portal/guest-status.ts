import type { GuestView } from '@guruconnect/shared';
import type { BadgeTone } from '../../components/badge.tsx';

/** The state of a session in words for the person at the machine. */
export function describeForGuest(view: GuestView): { label: string; tone: BadgeTone; isLive: boolean } {
  const watching = view.participants.filter((one) => one.grant.status === 'allowed' && one.connected);
  if (watching.some((one) => one.hasControl)) {
    return { label: 'Your computer is being controlled', tone: 'success', isLive: true };
  }
  if (watching.length > 0) return { label: 'Your screen is being viewed', tone: 'success', isLive: true };
  if (view.endpoint.kind === 'lost')
    return { label: 'The app lost its connection', tone: 'danger', isLive: false };
  if (view.endpoint.kind === 'none') return { label: 'Waiting for the app', tone: 'neutral', isLive: false };
  if (view.technicianName === null)
    return { label: 'Waiting for a technician', tone: 'neutral', isLive: false };
  return { label: 'Ready, nobody sees your screen', tone: 'accent', isLive: false };
}
