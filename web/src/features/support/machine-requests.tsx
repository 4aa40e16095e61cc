import type { SupportRequestView } from '@guruconnect/shared';
import { Check, LifeBuoy, MonitorUp } from 'lucide-react';
import { Link } from 'react-router';
import { Button } from '../../components/button.tsx';
import { buttonStyles } from '../../components/button-styles.ts';
import { Card } from '../../components/card.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { useConnectLink } from '../../lib/connect-to.ts';
import { formatAgo } from '../../lib/format-ago.ts';
import { formatDateTime } from '../../lib/format-time.ts';
import { useSupportRequests } from '../../lib/support-requests.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { useNow } from '../../lib/use-now.ts';

const TICK_MS = 15_000;

/** Who asked for help from the tray of their machine and was not answered yet (U2). */
export function MachineRequests() {
  const requests = useSupportRequests();
  const now = useNow(TICK_MS);
  const list = requests.data?.requests ?? [];
  return (
    <section aria-labelledby="requests-title">
      <h2 id="requests-title" className="mb-3 flex items-center gap-2 font-semibold text-base">
        Requests from machines
        {list.length > 0 && (
          <span className="rounded-full bg-primary px-2 py-0.5 text-primary-foreground text-xs tabular-nums">
            {list.length}
          </span>
        )}
      </h2>
      {requests.error ? (
        <LoadFailure error={requests.error} onRetry={() => void requests.refetch()} />
      ) : list.length === 0 ? (
        <p className="rounded-card border border-border border-dashed px-4 py-3 text-muted-foreground text-sm">
          {requests.data
            ? 'Nobody asks for help. People at machines do it from the GuruConnect icon beside the clock.'
            : 'Loading…'}
        </p>
      ) : (
        <Card aria-label="Requests for help">
          <ul aria-live="polite" className="divide-y">
            {list.map((request) => (
              <RequestLine key={request.requestId} request={request} now={now} />
            ))}
          </ul>
        </Card>
      )}
    </section>
  );
}

function RequestLine({ request, now }: { request: SupportRequestView; now: number }) {
  const { machine, user, message, createdAt } = request;
  const close = useApiMutation('closeSupportRequest', {
    refreshes: ['listSupportRequests'],
    said: 'The request is done.',
  });
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-3 p-4 text-sm sm:flex-nowrap">
      <LifeBuoy aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-primary max-sm:hidden" />
      <div className="min-w-0 flex-1 basis-full sm:basis-0">
        <p className="[overflow-wrap:anywhere]">
          <Link
            to={`/app/access/${machine.machineId}`}
            className="font-medium underline-offset-4 hover:underline"
          >
            <bdi>{machine.name}</bdi>
          </Link>{' '}
          <span className="text-muted-foreground">
            · <bdi>{machine.company}</bdi>
            {user && (
              <>
                {' '}
                · <bdi>{user}</bdi>
              </>
            )}{' '}
            · <time title={formatDateTime(createdAt)}>{formatAgo(createdAt, now)}</time>
          </span>
        </p>
        <p dir="auto" className="mt-1 whitespace-pre-wrap [overflow-wrap:anywhere]">
          {message}
        </p>
      </div>
      <div className="flex shrink-0 gap-2">
        <ConnectLink machineId={machine.machineId} name={machine.name} />
        <Button
          size="small"
          busy={close.isPending}
          aria-label={`Done: the request of ${machine.name}`}
          onClick={() => close.mutate({ params: { requestId: request.requestId } })}
        >
          {!close.isPending && <Check aria-hidden="true" />} Done
        </Button>
      </div>
    </li>
  );
}

function ConnectLink({ machineId, name }: { machineId: string; name: string }) {
  const { href, onClick } = useConnectLink({ machineId, name });
  return (
    <a
      href={href}
      onClick={onClick}
      aria-label={`Connect to ${name}`}
      className={buttonStyles({ tone: 'primary', size: 'small' })}
    >
      <MonitorUp aria-hidden="true" /> Connect
    </a>
  );
}
