import { Activity } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useId } from 'react';
import { Button } from '../../components/button.tsx';
import { QUALITY_MODES } from './quality-figures.ts';
import { StatisticsTable } from './statistics.tsx';
import { ToolbarButton } from './toolbar-button.tsx';
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
    <Popover.Root>
      <Popover.Trigger asChild>
        <ToolbarButton icon={Activity} label="Connection quality" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={8}
          collisionPadding={8}
          aria-label="Connection quality"
          className="z-50 grid max-h-(--radix-popover-content-available-height) w-88 max-w-[calc(100vw-1rem)] animate-appear gap-4 overflow-y-auto rounded-lg border border-border bg-card p-4 text-card-foreground text-sm shadow-lg"
        >
          <ModeChoice session={session} state={state} />
          <StatisticsTable monitor={session.monitor} state={state} />
          <Button
            size="small"
            aria-pressed={props.statisticsShown}
            onClick={() => props.onStatisticsShown(!props.statisticsShown)}
          >
            {props.statisticsShown ? 'Hide the statistics on the picture' : 'Show this on the picture'}
          </Button>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
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
