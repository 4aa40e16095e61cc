import { Activity } from 'lucide-react';
import { useId } from 'react';
import { Button } from '../../components/button.tsx';
import { QUALITY_MODES } from './quality-figures.ts';
import { StatisticsTable } from './statistics.tsx';
import { ToolbarPopover } from './toolbar-popover.tsx';
import type { ViewerSession } from './viewer-session.ts';
import type { ViewerState } from './viewer-state.ts';

/** What the picture should be good at, and how well it comes, in numbers that were measured here. */
export function QualityPopover(props: {
  session: ViewerSession;
  state: ViewerState;
  statisticsShown: boolean;
  onStatisticsShown: (shown: boolean) => void;
}) {
  const { session, state } = props;
  return (
    <ToolbarPopover icon={Activity} label="Connection quality" className="w-88 gap-4">
      <ModeChoice session={session} state={state} />
      <StatisticsTable monitor={session.monitor} state={state} />
      <Button
        size="small"
        aria-pressed={props.statisticsShown}
        onClick={() => props.onStatisticsShown(!props.statisticsShown)}
      >
        {props.statisticsShown ? 'Hide the statistics on the picture' : 'Show this on the picture'}
      </Button>
    </ToolbarPopover>
  );
}

function ModeChoice({ session, state }: { session: ViewerSession; state: ViewerState }) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium">Quality</legend>
      {QUALITY_MODES.map(({ mode, label, hint }) => (
        <label
          key={mode}
          className="flex items-start gap-2.5 rounded-md px-2 py-1.5 has-checked:bg-accent has-checked:text-accent-foreground"
        >
          <input
            type="radio"
            name={name}
            className="mt-1 accent-primary"
            checked={state.quality === mode}
            onChange={() => session.picture.setQuality(mode)}
          />
          <span>
            {label}
            <span className="block text-xs">{hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
