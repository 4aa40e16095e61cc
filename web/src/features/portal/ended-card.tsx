import type { EndReason, GuestView } from '@guruconnect/shared';
import { CircleCheck } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Duration } from '../../components/duration.tsx';
import { END_REASON_TEXT } from '../../lib/end-reason-text.ts';
import { useFocusOnMount } from './use-focus-on-mount.ts';

type Ended = Extract<GuestView['lifecycle'], { phase: 'ended' }>;

export function EndedCard({ lifecycle, onAgain }: { lifecycle: Ended; onAgain: () => void }) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  return (
    <Card className="grid justify-items-center gap-3 px-6 py-10 text-center">
      <CircleCheck aria-hidden="true" className="size-12 text-success" />
      <h1 ref={heading} tabIndex={-1} className="font-semibold text-xl outline-none">
        The session has ended
      </h1>
      <p className="text-muted-foreground">
        {reasonForGuest(lifecycle.reason)}. Nobody can see or control this computer any more.
      </p>
      {lifecycle.openedAt !== null && (
        <p className="text-muted-foreground text-sm">
          It took <Duration since={lifecycle.openedAt} until={lifecycle.endedAt} />.
        </p>
      )}
      <Button className="mt-2" onClick={onAgain}>
        Back to the start
      </Button>
    </Card>
  );
}

function reasonForGuest(reason: EndReason): string {
  return reason === 'guest-stopped' ? 'You stopped it' : END_REASON_TEXT[reason];
}
