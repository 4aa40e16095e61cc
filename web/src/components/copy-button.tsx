import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { copyText } from '../lib/copy-text.ts';
import { Button, type ButtonProps } from './button.tsx';

/** Copies a text and says so on the button itself, for eyes and for screen readers. */
export function CopyButton({ text, children, ...rest }: Omit<ButtonProps, 'onClick'> & { text: string }) {
  const [result, setResult] = useState<'copied' | 'failed'>();
  useEffect(() => {
    if (!result) return;
    const timer = setTimeout(() => setResult(undefined), 2000);
    return () => clearTimeout(timer);
  }, [result]);
  return (
    <Button
      {...rest}
      onClick={async () => {
        setResult((await copyText(text)) ? 'copied' : 'failed');
      }}
    >
      {result === 'copied' ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
      {result === 'failed' ? 'Copying was not possible' : result === 'copied' ? 'Copied' : children}
      <span role="status" className="sr-only">
        {result === 'copied' ? 'Copied to the clipboard' : ''}
      </span>
    </Button>
  );
}
