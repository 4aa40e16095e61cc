import { formatSessionCode, type PortalConfig } from '@guruconnect/shared';
import { ArrowRight, KeyRound } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Notice } from '../../components/notice.tsx';
import { codeOf, createDigitEntry } from './digit-entry.ts';
import { DigitField } from './digit-field.tsx';
import { EntryProblemText } from './entry-problem-text.tsx';
import { Instructions } from './instructions.tsx';
import type { PortalFlow, PortalStep } from './portal-flow.ts';
import { useIsPast } from './use-is-past.ts';

/** The first thing an end user sees: six boxes, Connect, and what to do. */
export function CodeEntry(props: {
  flow: PortalFlow;
  config: PortalConfig | undefined;
  current: Extract<PortalStep, { step: 'entry' | 'working' }>;
  /** The code of a /join link: one click away, never joined by loading the page alone. */
  linkCode: string | undefined;
}) {
  const { flow, config, current, linkCode } = props;
  const [entry, setEntry] = useState(() => createDigitEntry(linkCode));
  const [incomplete, setIncomplete] = useState(false);
  const connect = useRef<HTMLButtonElement>(null);
  const problem = current.step === 'entry' ? current.problem : undefined;
  const mayRetry = useIsPast(problem?.retryAt);
  const isWorking = current.step === 'working';
  const invited = linkCode !== undefined && codeOf(entry) === linkCode;

  function submit(event: FormEvent): void {
    event.preventDefault();
    const code = codeOf(entry);
    setIncomplete(!code);
    if (code && mayRetry && !isWorking) void flow.redeem(code);
  }

  return (
    <>
      <Card className="px-4 py-8 sm:px-10 sm:py-10">
        {current.step === 'entry' && current.notice && (
          <Notice tone="info" announce className="mb-6">
            {current.notice}
          </Notice>
        )}
        <form onSubmit={submit} noValidate className="grid gap-6">
          <div className="text-center">
            <h1 id="code-title" className="font-semibold text-2xl tracking-tight">
              {invited ? 'You are invited to a support session' : 'Enter your support code'}
            </h1>
            <p className="mt-2 text-muted-foreground">
              {invited
                ? `${config?.companyName ?? 'Your technician'} would like to connect with code ${formatSessionCode(linkCode)}.`
                : 'Your technician gives you six digits.'}
            </p>
          </div>
          <DigitField
            entry={entry}
            onChange={(next) => {
              setEntry(next);
              setIncomplete(false);
              // A full code only wants Connect: Enter or one tap away.
              if (codeOf(next) && next.digits !== entry.digits)
                queueMicrotask(() => connect.current?.focus());
            }}
            labelledBy="code-title"
            describedBy="code-problem"
            invalid={incomplete || (problem?.isAboutCode ?? false)}
            disabled={isWorking}
          />
          <EntryProblemText
            problem={incomplete ? { text: 'Enter all six digits.', isAboutCode: true } : problem}
          />
          <Button
            ref={connect}
            type="submit"
            tone="primary"
            size="large"
            busy={isWorking && current.doing === 'connecting'}
            disabled={!mayRetry}
            className="w-full"
          >
            {workingText(current) ?? 'Connect'}
            {!isWorking && <ArrowRight aria-hidden="true" />}
          </Button>
          <p role="status" className="sr-only">
            {workingText(current)}
          </p>
        </form>
        {config?.issuesCodes && !invited && <GetACode flow={flow} current={current} />}
      </Card>
      <Instructions text={config?.instructions} />
    </>
  );
}

function GetACode({ flow, current }: { flow: PortalFlow; current: PortalStep }) {
  const isIssuing = current.step === 'working' && current.doing === 'issuing';
  return (
    <div className="mt-6 flex flex-wrap items-center justify-center gap-x-2 gap-y-1 border-t pt-6 text-sm">
      <span className="text-muted-foreground">No code yet?</span>
      <Button
        tone="ghost"
        size="small"
        busy={isIssuing}
        disabled={current.step === 'working' && !isIssuing}
        onClick={() => void flow.issue()}
      >
        <KeyRound aria-hidden="true" /> Get a code
      </Button>
    </div>
  );
}

function workingText(current: PortalStep): string | undefined {
  if (current.step !== 'working') return undefined;
  if (current.proving) return 'One moment, a security check is running…';
  return current.doing === 'connecting' ? 'Connecting…' : 'Getting a code…';
}
