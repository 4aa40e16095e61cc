import { Download } from 'lucide-react';
import { buttonStyles } from '../../components/button-styles.ts';
import { CopyButton } from '../../components/copy-button.tsx';

/** One line for a terminal, or a file for those who prefer one. */
export function StartLinux({ code }: { code: string }) {
  const command = `curl -fsSL ${location.origin}/download/linux/${code}.sh | sh`;
  const fileName = `GuruConnect-${code}.run`;
  return (
    <>
      <p className="mt-1 text-muted-foreground text-sm">
        Open a terminal, paste this line and press Enter. Nothing is installed; closing the terminal ends it.
      </p>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <code className="wrap-anywhere min-w-0 flex-1 basis-64 select-all rounded-lg bg-muted px-3 py-2.5 font-mono text-sm">
          {command}
        </code>
        <CopyButton text={command}>Copy</CopyButton>
      </div>
      <div className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-2 border-t pt-4 text-sm">
        <a
          href={`/download/linux/${fileName}`}
          download={fileName}
          className={buttonStyles({ size: 'small' })}
        >
          <Download aria-hidden="true" /> Download as a file
        </a>
        <span className="text-muted-foreground">
          then run it with <code className="font-mono text-foreground">sh {fileName}</code>
        </span>
      </div>
    </>
  );
}
