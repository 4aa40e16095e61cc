import { Button } from '../../components/button.tsx';
import { buttonStyles } from '../../components/button-styles.ts';
import { Notice } from '../../components/notice.tsx';
import { WaitingCard } from '../../components/waiting-card.tsx';
import type { SecurityAlarm } from '../../lib/secure/peer-security.ts';
import type { ViewerSession } from './viewer-session.ts';

/** What answers at the other end is not to be trusted: what did not match, and the ways on. */
export function AlarmCard(props: { alarm: SecurityAlarm; session: ViewerSession }) {
  const { alarm, session } = props;
  return (
    <WaitingCard
      title={HEADINGS[alarm.kind]}
      busy={false}
      actions={
        <>
          <a href="/app/support" className={buttonStyles({ tone: 'primary' })}>
            Back to sessions
          </a>
          {alarm.kind === 'changed-key' && (
            <Button tone="danger" onClick={() => session.trustAnew()}>
              Trust this computer from now on
            </Button>
          )}
          {alarm.kind === 'mismatch' && <Button onClick={() => session.join()}>Try again</Button>}
          {alarm.kind === 'refused' && <Button onClick={() => session.joinAnew()}>Ask again</Button>}
        </>
      }
    >
      <Notice tone="danger" announce>
        {explain(alarm)}
      </Notice>
    </WaitingCard>
  );
}

const HEADINGS: Record<SecurityAlarm['kind'], string> = {
  'changed-key': 'This is not the computer you met before',
  mismatch: 'The connection is not safe',
  refused: 'The computer did not trust this browser',
  unable: 'This browser cannot connect safely',
};

function explain(alarm: SecurityAlarm): string {
  switch (alarm.kind) {
    case 'changed-key':
      return 'Another computer, or somebody in between, answers in this session with another key. Nothing of it is shown. Go on only if you know why, for example because the app was started on another computer.';
    case 'mismatch':
      return MISMATCH_TEXT[alarm.what];
    case 'refused':
      return REFUSED_TEXT[alarm.why];
    case 'unable':
      return UNABLE_TEXT[alarm.why];
  }
}

const MISMATCH_TEXT = {
  handshake: 'The other end left out the proof that nobody is in between. Nothing of it is shown.',
  promise: 'The keys of the other end were exchanged on the way. Nothing of it is shown.',
  signature:
    'The other end signed another connection than this one: somebody may be in between. Nothing of it is shown.',
} as const;

const UNABLE_TEXT = {
  'insecure-page': 'This page was not opened over HTTPS, so the browser offers it no encryption.',
  'no-storage':
    'The browser keeps no keys for this page. Allow it to store data, or use a window that is not private.',
  'other-browser':
    'You signed in with another browser, or the keys of this one were erased. Sign out and in again here.',
} as const;

const REFUSED_TEXT = {
  proof: 'It found that somebody may be in between, and closed the connection.',
  grant: 'The server let in another browser than this one. Sign out and in again, then try once more.',
  'key-changed':
    'You came with another browser before. The person at the machine must agree anew before this one may see anything.',
} as const;
