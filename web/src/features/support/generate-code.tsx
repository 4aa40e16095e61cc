import { Plus, SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { useMe } from '../../lib/me-context.ts';
import { useSessionFeed } from '../../lib/session-feed-context.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { GenerateDialog } from './generate-dialog.tsx';

/** One click makes a code with the usual settings; the button beside it asks for more. */
export function GenerateCode({ onCreated }: { onCreated: (sessionId: string) => void }) {
  const feed = useSessionFeed();
  const { sessionVisibility: visibility } = useMe().preferences;
  const [isOpen, setOpen] = useState(false);
  const create = useApiMutation('createSession', {
    onDone: (session) => {
      feed.put(session);
      setOpen(false);
      onCreated(session.id);
    },
  });
  return (
    <div className="flex w-full sm:w-auto">
      <Button
        tone="primary"
        className="flex-1 rounded-r-none"
        busy={create.isPending && !isOpen}
        onClick={() => create.mutate({ body: { visibility } })}
      >
        {!(create.isPending && !isOpen) && <Plus aria-hidden="true" />}
        Generate code
      </Button>
      <Tooltip text="With options">
        <Button
          tone="primary"
          size="square"
          aria-label="Generate a code with options"
          className="ml-px rounded-l-none"
          onClick={() => setOpen(true)}
        >
          <SlidersHorizontal aria-hidden="true" />
        </Button>
      </Tooltip>
      <GenerateDialog
        open={isOpen}
        onOpenChange={setOpen}
        busy={create.isPending}
        onSubmit={(body) => create.mutate({ body })}
      />
    </div>
  );
}
