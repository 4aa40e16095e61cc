import type { MachineDetails, SupportRequestView } from '@guruconnect/shared';
import { LifeBuoy } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { formatAgo } from '../../lib/format-ago.ts';
import { useSupportRequests } from '../../lib/support-requests.ts';
import { useApiMutation } from '../../lib/use-api.ts';

/** What the people at this machine ask for (U2). */
export function RequestsNotice({ details, now }: { details: MachineDetails; now: number }) {
  const { machineId } = details.row;
  const requests = useSupportRequests().data?.requests ?? [];
  const here = requests.filter(({ machine }) => machine.machineId === machineId);
  return here.map((request) => (
    <RequestNotice key={request.requestId} request={request} now={now} mayClose={details.rights.connect} />
  ));
}

function RequestNotice(props: { request: SupportRequestView; now: number; mayClose: boolean }) {
  const { request, now } = props;
  const close = useApiMutation('closeSupportRequest', {
    refreshes: ['listSupportRequests', 'getMachine'],
    said: 'The request is done.',
  });
  return (
    <Notice
      tone="info"
      action={
        props.mayClose && (
          <Button
            size="small"
            busy={close.isPending}
            onClick={() => close.mutate({ params: { requestId: request.requestId } })}
          >
            Done
          </Button>
        )
      }
    >
      <p className="flex items-center gap-2 font-medium">
        <LifeBuoy aria-hidden="true" className="size-4 shrink-0" />
        <span className="min-w-0 [overflow-wrap:anywhere]">
          {request.user ? <bdi>{request.user}</bdi> : 'Somebody'} asks for help
        </span>
      </p>
      <p dir="auto" className="mt-1 whitespace-pre-wrap [overflow-wrap:anywhere]">
        {request.message}
      </p>
      <p className="mt-1 text-xs">{formatAgo(request.createdAt, now)}</p>
    </Notice>
  );
}
