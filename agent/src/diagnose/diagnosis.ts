/** What one look found out. */
export interface Finding {
  readonly title: string;
  /** `bad` keeps this computer from being reached, `doubtful` may. */
  readonly outcome: 'good' | 'doubtful' | 'bad';
  /** Plain sentences for whoever has to mend it. */
  readonly text: string;
}

const MARK = { good: 'ok  ', doubtful: '?   ', bad: 'FAIL' } as const;

/** One finding as lines for a terminal or a log. */
export function findingLine({ title, outcome, text }: Finding): string {
  return `${MARK[outcome]}  ${title}: ${text}`;
}
