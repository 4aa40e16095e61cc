import { formatSessionCode } from '@guruconnect/shared';
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { formatTime } from '../../lib/format-time.ts';
import { useSessions } from '../../lib/session-feed-context.ts';
import { describeSession } from '../../lib/session-status.ts';
import { joinLink } from './join-link.ts';

/** The code that was just made, to be read out from across the room; gone once it is used. */
export function NewCodeCard({ sessionId, onDismiss }: { sessionId: string; onDismiss: () => void }) {
  const feed = useSessions();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const session = feed.status === 'ready' ? feed.sessions.find((one) => one.id === sessionId) : undefined;
  // Used or cancelled: the session's own card in the list says all the rest.
  if (session?.lifecycle.phase !== 'waiting' || !session.code) return null;
  const status = describeSession(session);
  return (
    <Card className="relative animate-appear px-6 py-7 text-center">
      <h2 ref={heading} tabIndex={-1} className="text-muted-foreground text-sm outline-none">
        Read this code to the end user
      </h2>
      <p className="mt-1 font-semibold text-6xl tabular-nums tracking-wide sm:text-7xl">
        <span aria-hidden="true">{formatSessionCode(session.code)}</span>
        <span className="sr-only">{session.code.split('').join(' ')}</span>
      </p>
      <div className="mt-4 flex flex-wrap items-center justify-center gap-2">
        <CopyButton text={formatSessionCode(session.code)}>Copy code</CopyButton>
        <CopyButton text={joinLink(session.code)}>Copy link</CopyButton>
      </div>
      <div role="status" className="mt-4 flex flex-wrap items-center justify-center gap-2 text-sm">
        <Badge tone={status.tone} pulse>
          {status.label}
        </Badge>
        <span className="text-muted-foreground">{status.detail}</span>
      </div>
      <p className="mt-2 text-muted-foreground text-xs">
        On <strong className="text-foreground">{location.host}</strong>
        {session.codeExpiresAt === null ? '' : `, valid until ${formatTime(session.codeExpiresAt)}`}
      </p>
      <Button
        tone="ghost"
        size="icon"
        aria-label="Hide the code"
        className="absolute top-3 right-3"
        onClick={onDismiss}
      >
        <X aria-hidden="true" />
      </Button>
    </Card>
  );
}
