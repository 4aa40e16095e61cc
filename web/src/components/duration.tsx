import { formatDuration, spokenDuration } from '../lib/format-duration.ts';
import { useNow } from '../lib/use-now.ts';

/** How long something has been going on, ticking; or how long it took when `until` is given. */
export function Duration(props: { since: number; until?: number }) {
  return props.until === undefined ? (
    <RunningDuration since={props.since} />
  ) : (
    <FixedDuration milliseconds={props.until - props.since} />
  );
}

function RunningDuration({ since }: { since: number }) {
  return <FixedDuration milliseconds={useNow() - since} />;
}

function FixedDuration({ milliseconds }: { milliseconds: number }) {
  return (
    <span className="whitespace-nowrap tabular-nums">
      <span aria-hidden="true">{formatDuration(milliseconds)}</span>
      <span className="sr-only">{spokenDuration(milliseconds)}</span>
    </span>
  );
}
