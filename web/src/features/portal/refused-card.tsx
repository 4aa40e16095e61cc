import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { useFocusOnMount } from './use-focus-on-mount.ts';

export function RefusedCard({ onAgain }: { onAgain: () => void }) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  return (
    <Card className="grid justify-items-center gap-3 px-6 py-10 text-center">
      <h1 ref={heading} tabIndex={-1} className="font-semibold text-xl outline-none">
        You were not let in
      </h1>
      <p className="text-muted-foreground">
        The technician did not accept this connection. Ask them for a new code if that was a mistake.
      </p>
      <Button tone="primary" onClick={onAgain} className="mt-2">
        Enter another code
      </Button>
    </Card>
  );
}
