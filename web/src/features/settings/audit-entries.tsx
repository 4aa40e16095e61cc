import type { AuditEntry } from '@guruconnect/shared';
import { formatDateTime } from '../../lib/format-time.ts';
import { useApiQuery } from '../../lib/use-api.ts';
import { actorText, detailsText } from './audit-text.ts';

/** Entries of the audit log below one another: when, who and from where, what with all that was noted about it. */
export function AuditEntries({ entries }: { entries: AuditEntry[] }) {
  const people = useApiQuery('listUsers');
  const names = new Map(people.data?.users.map((user) => [`user:${user.userId}`, user.name]));
  return (
    <ul aria-label="Audit entries" className="divide-y border-t text-sm">
      {entries.map((entry) => (
        <li
          key={`${entry.stream}:${entry.sequence}`}
          className="flex flex-wrap justify-between gap-x-4 gap-y-1 py-3 lg:grid lg:grid-cols-[11rem_10rem_minmax(0,1fr)]"
        >
          <p className="text-muted-foreground tabular-nums">{formatDateTime(entry.at)}</p>
          <p className="min-w-0 break-words text-right lg:text-left" title={entry.actor}>
            {names.get(entry.actor) ?? actorText(entry.actor)}
            {entry.address && <span className="block text-muted-foreground text-xs">{entry.address}</span>}
          </p>
          <div className="min-w-0 basis-full">
            <p className="font-medium">{entry.action}</p>
            <p className="text-muted-foreground wrap-anywhere">{detailsText(entry.details)}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}
