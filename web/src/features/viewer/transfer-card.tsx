import { ArrowRightLeft } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import type { SessionCooperation } from './session-cooperation.ts';
import { transferOf, type ViewerState } from './viewer-state.ts';

/** An offer of this session that waits for its answer, over the picture. */
export function TransferCard({
  state,
  cooperation,
}: {
  state: ViewerState;
  cooperation: SessionCooperation;
}) {
  const offer = transferOf(state);
  return (
    <div
      role="status"
      className="pointer-events-none absolute inset-x-0 bottom-16 z-20 flex justify-center px-4"
    >
      {offer && (
        <div className="pointer-events-auto flex max-w-full animate-appear flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border border-border bg-card px-4 py-2.5 text-card-foreground text-sm shadow-lg">
          <ArrowRightLeft aria-hidden="true" className="size-4 shrink-0" />
          <p className="min-w-0">
            {offer.role === 'taker' ? (
              <>
                <span className="font-medium">{offer.transfer.from.name}</span> offers you this session
              </>
            ) : (
              <>
                Offered to <span className="font-medium">{offer.transfer.to.name}</span>…
              </>
            )}
            {offer.transfer.note && (
              <span dir="auto" className="block text-muted-foreground [overflow-wrap:anywhere]">
                {offer.transfer.note}
              </span>
            )}
          </p>
          {offer.role === 'taker' && (
            <span className="flex gap-2">
              <Button size="small" tone="primary" onClick={() => cooperation.answer('accept')}>
                Accept
              </Button>
              <Button size="small" onClick={() => cooperation.answer('decline')}>
                Decline
              </Button>
            </span>
          )}
          {offer.role === 'giver' && (
            <Button size="small" onClick={() => cooperation.answer('withdraw')}>
              Withdraw
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
