import type { Capability, GuestView } from '@guruconnect/shared';
import { Eye, MousePointerClick, ShieldQuestion, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { useFocusOnMount } from './use-focus-on-mount.ts';

/** Asks for permission. The focus goes to the question, not to an answer: Enter must not consent by accident. */
export function ConsentCard(props: {
  participant: GuestView['participants'][number];
  companyName: string;
  onAnswer: (answer: Capability | 'refuse') => Promise<void>;
}) {
  const { participant, companyName } = props;
  const [answering, setAnswering] = useState<Capability | 'refuse'>();
  const question = useFocusOnMount<HTMLHeadingElement>();
  const wantsControl = participant.grant.status === 'asked' && participant.grant.wants === 'control';

  async function answer(value: Capability | 'refuse'): Promise<void> {
    if (answering) return;
    setAnswering(value);
    await props.onAnswer(value);
    setAnswering(undefined);
  }

  return (
    <section
      aria-live="assertive"
      aria-label="Permission"
      className="animate-appear rounded-card border-2 border-primary bg-card p-5 shadow-lg sm:p-6"
    >
      <div className="flex gap-4">
        <span className="grid size-11 shrink-0 place-items-center rounded-full bg-accent text-accent-foreground">
          <ShieldQuestion aria-hidden="true" className="size-6" />
        </span>
        <div>
          <h2 ref={question} tabIndex={-1} className="font-semibold text-lg leading-snug outline-none">
            {participant.name} of {companyName} asks to {wantsControl ? 'see and control' : 'see'} this
            computer
          </h2>
          <p className="mt-1 text-muted-foreground text-sm">
            {wantsControl
              ? 'With control they can use your mouse and keyboard. Close anything private first.'
              : 'They will see your screen, but cannot touch anything. Close anything private first.'}
          </p>
        </div>
      </div>
      <div className="mt-5 grid gap-2 sm:flex sm:flex-wrap">
        {wantsControl && (
          <Button tone="primary" busy={answering === 'control'} onClick={() => void answer('control')}>
            <MousePointerClick aria-hidden="true" /> Allow view and control
          </Button>
        )}
        <Button
          tone={wantsControl ? 'secondary' : 'primary'}
          busy={answering === 'view'}
          onClick={() => void answer('view')}
        >
          <Eye aria-hidden="true" /> Allow view only
        </Button>
        <Button
          tone="dangerGhost"
          className="sm:ml-auto"
          busy={answering === 'refuse'}
          onClick={() => void answer('refuse')}
        >
          <X aria-hidden="true" /> Decline
        </Button>
      </div>
    </section>
  );
}
