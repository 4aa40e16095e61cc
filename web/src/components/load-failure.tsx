import { RotateCw } from 'lucide-react';
import { describeError } from '../lib/describe-error.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

/** Says why something could not be loaded, with a button that tries again. */
export function LoadFailure(props: { error: unknown; onRetry: () => void }) {
  return (
    <Notice
      tone="danger"
      announce
      action={
        <Button size="small" onClick={props.onRetry}>
          <RotateCw aria-hidden="true" /> Try again
        </Button>
      }
    >
      {describeError(props.error)}
    </Notice>
  );
}
