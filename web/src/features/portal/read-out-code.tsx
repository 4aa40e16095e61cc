import { formatSessionCode } from '@guruconnect/shared';
import { Card } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy-button.tsx';

/** The code that this page issued, large enough to be read out over the phone (P6). */
export function ReadOutCode({ code }: { code: string }) {
  return (
    <Card className="grid justify-items-center gap-3 p-6 text-center">
      <p className="text-muted-foreground">Read this code to your technician</p>
      <p className="font-semibold text-5xl tabular-nums tracking-wide sm:text-6xl">
        <span aria-hidden="true">{formatSessionCode(code)}</span>
        <span className="sr-only">{code.split('').join(' ')}</span>
      </p>
      <CopyButton text={code} size="small">
        Copy code
      </CopyButton>
    </Card>
  );
}
