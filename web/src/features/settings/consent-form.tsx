import { type CompanyView, ConsentPolicy } from '@guruconnect/shared';
import { type FormEvent, useId, useState } from 'react';
import { safeParse } from 'zod/mini';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Input, Select } from '../../components/input.tsx';
import { useApiMutation } from '../../lib/use-api.ts';
import { Choice } from './choice.tsx';

type Ask = Extract<ConsentPolicy, { kind: 'ask' }>;
const USUAL: Ask = { kind: 'ask', timeoutSeconds: 30, otherwise: 'allow' };

/** Whether the person at a machine of the company is asked before a technician sees the screen. */
export function ConsentForm({ company }: { company: CompanyView }) {
  const [kind, setKind] = useState(company.consent.kind);
  const [ask, setAsk] = useState<Ask>(company.consent.kind === 'ask' ? company.consent : USUAL);
  const [problem, setProblem] = useState<string>();
  const group = useId();
  const save = useApiMutation('changeCompany', {
    refreshes: ['listCompanies', 'getMachine'],
    said: 'Saved. It holds for sessions that begin from now on.',
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    const parsed = safeParse(ConsentPolicy, kind === 'ask' ? ask : { kind });
    setProblem(parsed.success ? undefined : 'Enter 5 to 600 seconds.');
    if (parsed.success)
      save.mutate({ params: { companyId: company.companyId }, body: { consent: parsed.data } });
  }
  return (
    <form onSubmit={submit} noValidate className="grid gap-3">
      <fieldset className="grid gap-2">
        <legend className="sr-only">Consent for unattended sessions</legend>
        <Choice
          name={group}
          label="Ask nobody"
          hint="A banner with Stop is shown while somebody is connected."
          checked={kind === 'never'}
          onChoose={() => setKind('never')}
        />
        <Choice
          name={group}
          label="Ask, for a while"
          hint="Where nobody answers in time, or nobody is logged on, the default counts."
          checked={kind === 'ask'}
          onChoose={() => setKind('ask')}
        />
        {kind === 'ask' && <AskFields ask={ask} onAsk={setAsk} problem={problem} />}
        <Choice
          name={group}
          label="Always ask"
          hint="For as long as it takes: without an answer nobody sees anything."
          checked={kind === 'always'}
          onChoose={() => setKind('always')}
        />
      </fieldset>
      <Button type="submit" busy={save.isPending} className="justify-self-start">
        Save consent
      </Button>
    </form>
  );
}

function AskFields(props: { ask: Ask; onAsk: (ask: Ask) => void; problem: string | undefined }) {
  const { ask, onAsk } = props;
  return (
    <div className="ml-7 flex flex-wrap gap-4">
      <Field label="Seconds to answer" error={props.problem}>
        {(control) => (
          <Input
            {...control}
            type="number"
            min={5}
            max={600}
            className="max-w-32"
            value={Number.isNaN(ask.timeoutSeconds) ? '' : ask.timeoutSeconds}
            onChange={(event) => onAsk({ ...ask, timeoutSeconds: event.target.valueAsNumber })}
          />
        )}
      </Field>
      <Field label="Without an answer">
        {(control) => (
          <Select
            {...control}
            value={ask.otherwise}
            onChange={(event) =>
              onAsk({ ...ask, otherwise: event.target.value === 'allow' ? 'allow' : 'refuse' })
            }
          >
            <option value="allow">Let the technician in</option>
            <option value="refuse">Refuse</option>
          </Select>
        )}
      </Field>
    </div>
  );
}
