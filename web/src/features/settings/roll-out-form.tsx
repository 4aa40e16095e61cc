import { DeploymentSettings, type UpdateRing } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { pick } from 'zod/mini';
import { Button } from '../../components/button.tsx';
import { TitledCard } from '../../components/card.tsx';
import { Field } from '../../components/field.tsx';
import { Checkbox, Input } from '../../components/input.tsx';
import { fieldProblems } from '../../lib/field-problems.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { RingEditor } from './ring-editor.tsx';
import { ringsProblem } from './ring-rules.ts';

const SENTENCES = {
  updatesAtOnce: 'Enter a whole number from 1 to 10000.',
  updateRingHours: 'Enter a whole number of hours from 0 to 720.',
  updateRings: 'Every ring needs a name of at most 40 characters and a share from 0 to 100.',
};
const RollOut = pick(DeploymentSettings, {
  updatesPaused: true,
  updatesAtOnce: true,
  updateRings: true,
  updateRingHours: true,
});
type RollOut = Pick<
  DeploymentSettings,
  'updatesPaused' | 'updatesAtOnce' | 'updateRings' | 'updateRingHours'
>;

/** Who gets new versions first, how many at once, and whether at all (U5). */
export function RollOutForm({ stored }: { stored: DeploymentSettings }) {
  const [form, setForm] = useState<RollOut>(() => rollOutOf(stored));
  const [problems, setProblems] = useState<Partial<Record<keyof typeof SENTENCES, string>>>({});
  const save = useApiMutation('changeSettings', {
    said: 'The roll-out was changed.',
    refreshes: ['getSettings', 'getUpdates'],
    onDone: (settings) => setForm(rollOutOf(settings)),
  });
  const change = (part: Partial<RollOut>) => setForm({ ...form, ...part });
  function submit(event: FormEvent): void {
    event.preventDefault();
    const rings = ringsProblem(form.updateRings);
    const found = {
      ...fieldProblems(RollOut, form, SENTENCES),
      ...(rings === undefined ? {} : { updateRings: rings }),
    };
    setProblems(found);
    if (Object.keys(found).length === 0) save.mutate({ body: form });
  }
  const setRings = (updateRings: UpdateRing[]) => change({ updateRings });
  return (
    <TitledCard
      title="Roll-out"
      description="A new version goes to the first ring at once, and to each further one so many hours later."
    >
      <form onSubmit={submit} noValidate className="grid grid-cols-1 gap-5">
        <Checkbox
          label="Pause updates"
          hint="No machine gets a new version until this is off; those that are at it finish."
          checked={form.updatesPaused}
          onChange={(event) => change({ updatesPaused: event.target.checked })}
        />
        <RingEditor rings={form.updateRings} error={problems.updateRings} onChange={setRings} />
        <div className="grid gap-4 sm:max-w-xl sm:grid-cols-2">
          <Field label="Hours from ring to ring" error={problems.updateRingHours}>
            {(control) => (
              <NumberInput
                {...control}
                value={form.updateRingHours}
                onNumber={(updateRingHours) => change({ updateRingHours })}
              />
            )}
          </Field>
          <Field
            label="Machines at once"
            hint="More wait until others are done."
            error={problems.updatesAtOnce}
          >
            {(control) => (
              <NumberInput
                {...control}
                value={form.updatesAtOnce}
                onNumber={(updatesAtOnce) => change({ updatesAtOnce })}
              />
            )}
          </Field>
        </div>
        <Button type="submit" tone="primary" busy={save.isPending} className="justify-self-start">
          Save the roll-out
        </Button>
      </form>
    </TitledCard>
  );
}

/** An empty field is no number: the schema refuses it. */
function NumberInput(props: { id: string; value: number; onNumber: (value: number) => void }) {
  const { value, onNumber, ...rest } = props;
  return (
    <Input
      {...rest}
      type="number"
      min={0}
      value={Number.isNaN(value) ? '' : value}
      onChange={(event) => onNumber(event.target.valueAsNumber)}
    />
  );
}

function rollOutOf(settings: DeploymentSettings): RollOut {
  const { updatesPaused, updatesAtOnce, updateRings, updateRingHours } = settings;
  return { updatesPaused, updatesAtOnce, updateRings, updateRingHours };
}
