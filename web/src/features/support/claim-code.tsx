import { normalizeSessionCode } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { Button } from '../../components/button.tsx';
import { Input } from '../../components/input.tsx';
import { useSessionFeed } from '../../lib/session-feed-context.ts';
import { useApiMutation } from '../../lib/use-api.ts';

/** Takes the session whose code an end user got from the portal and reads out (P6). */
export function ClaimCode() {
  const feed = useSessionFeed();
  const [text, setText] = useState('');
  const claim = useApiMutation('claimCode', {
    said: 'The session is yours.',
    onDone: (session) => {
      feed.put(session);
      setText('');
    },
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    const code = normalizeSessionCode(text);
    if (code) claim.mutate({ body: { code } });
    else toast.error('Enter all six digits.');
  }
  return (
    <form onSubmit={submit} className="flex w-full items-center gap-2 sm:w-auto">
      <Input
        aria-label="Code that an end user reads out"
        placeholder="Code read out"
        inputMode="numeric"
        autoComplete="off"
        maxLength={20}
        className="tabular-nums sm:max-w-40"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" busy={claim.isPending}>
        Claim
      </Button>
    </form>
  );
}
