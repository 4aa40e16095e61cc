import { CopyButton } from '../../components/copy-button.tsx';

/** A line to be pasted elsewhere, with the button that copies it. */
export function CommandLine({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <p className="mb-1.5 font-medium text-sm">{label}</p>
      <div className="flex flex-wrap items-center gap-2 sm:flex-nowrap">
        <code
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="min-w-0 flex-1 basis-full overflow-x-auto whitespace-nowrap rounded-lg bg-muted px-3 py-2.5 font-mono text-xs sm:basis-0"
        >
          {text}
        </code>
        <CopyButton text={text} aria-label={`Copy: ${label}`}>
          Copy
        </CopyButton>
      </div>
    </div>
  );
}
