import { STAGES, type Stage, type StageMedians } from '../../lib/rtc/stage-split.ts';
import { ms } from './quality-figures.ts';

const COLOURS: Record<Stage, string> = {
  capture: 'bg-[#4e9fd1]',
  encode: 'bg-[#8f7ee0]',
  network: 'bg-[#e0a13c]',
  decode: 'bg-[#4fae7d]',
  display: 'bg-[#d4688f]',
};

/** Where the time of a picture goes, from the remote screen to this one. */
export function StageBar({ stages }: { stages: StageMedians }) {
  const total = STAGES.reduce((sum, stage) => sum + stages[stage], 0);
  return (
    <div className="grid gap-1.5">
      <p className="flex justify-between gap-4">
        <span>Screen to screen</span>
        <span className="tabular-nums">{ms(total)}</span>
      </p>
      <div aria-hidden="true" className="flex h-2 gap-px overflow-hidden rounded-full">
        {STAGES.map((stage) => (
          <span key={stage} className={COLOURS[stage]} style={{ flexGrow: stages[stage], minWidth: 1 }} />
        ))}
      </div>
      <dl className="grid grid-cols-5 gap-x-1 text-[0.6875rem]">
        {STAGES.map((stage) => (
          <div key={stage}>
            <dt className="flex items-center gap-1">
              <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${COLOURS[stage]}`} />
              {stage}
            </dt>
            <dd className="tabular-nums">{ms(stages[stage])}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
