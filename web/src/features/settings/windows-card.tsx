import type { DeploymentSettings } from '@guruconnect/shared';
import { TitledCard } from '../../components/card.tsx';
import { formatBytes } from '../../lib/format-bytes.ts';
import { useApiQuery } from '../../lib/use-api.ts';
import { Choice } from './choice.tsx';

/** What end users on Windows download (E1). */
export function WindowsCard(props: {
  form: DeploymentSettings['windowsForm'];
  onChange: (form: DeploymentSettings['windowsForm']) => void;
}) {
  const releases = useApiQuery('getReleases').data;
  const windows = releases?.windows;
  // The server tells the size of the form that it hands out now.
  const sizeOf = (form: DeploymentSettings['windowsForm']) =>
    windows?.bytes
      ? ` (${formatBytes(windows.bytes[form])})`
      : windows?.form === form
        ? ` (${formatBytes(windows.oneTimeBytes)})`
        : '';
  return (
    <TitledCard
      title="Windows program"
      description={
        releases && !windows
          ? 'This server has no Windows programs yet; the choice holds once they are built.'
          : 'What end users download from the portal for one session.'
      }
    >
      <fieldset className="grid gap-3">
        <legend className="sr-only">Form of the Windows program</legend>
        <Choice
          name="windows-form"
          label={`Full${sizeOf('full')}`}
          hint="Everything is inside: it starts at once, also where the network is poor."
          checked={props.form === 'full'}
          onChoose={() => props.onChange('full')}
        />
        <Choice
          name="windows-form"
          label={`Small${sizeOf('small')}`}
          hint="Downloaded in a moment; it fetches the rest from this server when it starts, and shows how far it is."
          checked={props.form === 'small'}
          onChoose={() => props.onChange('small')}
        />
      </fieldset>
    </TitledCard>
  );
}
