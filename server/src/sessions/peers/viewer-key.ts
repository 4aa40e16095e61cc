import { GuruError, keyThumbprint } from '@guruconnect/shared';
import type { Logins } from '../../core/ports.ts';
import type { Recorder } from '../session-recorder.ts';
import type { Caller } from './caller.ts';

/**
 * Ties the caller's login to this browser and returns what grants name: the thumbprint of its key. Throws
 * `other-browser` when the login is tied already to another one; that is audited, for the cookie was taken along.
 */
export async function viewerKeyOf(
  { logins, record }: { logins: Pick<Logins, 'tieToBrowser'>; record: Recorder },
  caller: Caller,
  sessionId: string,
  browserKey: string,
): Promise<string> {
  const viewerKey = keyThumbprint(browserKey);
  const { userId, loginId } = caller.login;
  if (await logins.tieToBrowser(loginId, browserKey)) return viewerKey;
  if (caller.hasEnded()) throw GuruError.unauthenticated();
  await record({
    actor: `user:${userId}`,
    action: 'login.other-browser',
    sessionId,
    details: { loginId, viewerKey },
  });
  throw new GuruError('other-browser', 'This sign-in belongs to another browser. Sign in again in this one.');
}
