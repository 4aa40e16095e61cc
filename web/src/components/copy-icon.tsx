import { Check, Copy, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { copyText } from '../lib/copy-text.ts';

/** A small button beside a value that copies it; shows for a moment whether it did. */
export function CopyIcon({ text, label }: { text: string; label: string }) {
  const [result, setResult] = useState<'copied' | 'failed'>();
  useEffect(() => {
    if (!result) return undefined;
    const timer = setTimeout(() => setResult(undefined), 2000);
    return () => clearTimeout(timer);
  }, [result]);
  const Icon = result === 'copied' ? Check : result === 'failed' ? X : Copy;
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={async () => setResult((await copyText(text)) ? 'copied' : 'failed')}
      className="inline-grid size-6 shrink-0 place-items-center rounded text-muted-foreground hover:bg-muted hover:text-foreground"
    >
      <Icon aria-hidden="true" className="size-3.5" />
      <span role="status" className="sr-only">
        {result === 'copied' ? 'Copied' : result === 'failed' ? 'Copying was not possible' : ''}
      </span>
    </button>
  );
}
