import { cn } from '../../lib/class-names.ts';
import type { VisitorBrowser } from './visitor.ts';

/** How far from the page's right edge these browsers have their button for downloads. */
const PLACE: Record<VisitorBrowser, string> = {
  chrome: 'right-16',
  edge: 'right-28',
  firefox: 'right-14',
  safari: 'right-10',
  other: 'right-16',
};

/** Points from the page's upper edge at the browser's own button. Not on narrow pages: phones have their lists elsewhere. */
export function DownloadArrow({ browser }: { browser: VisitorBrowser }) {
  return (
    <div
      aria-hidden="true"
      data-arrow={browser}
      className={cn(
        'pointer-events-none fixed top-2 z-40 hidden justify-items-center gap-1 sm:grid',
        PLACE[browser],
      )}
    >
      <svg
        aria-hidden="true"
        viewBox="0 0 40 56"
        className="h-14 w-10 text-primary motion-safe:animate-bounce"
      >
        <path
          d="M20 52V8M6 22L20 6l14 16"
          fill="none"
          stroke="currentColor"
          strokeWidth="6"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <span className="rounded-full bg-primary px-3 py-1 font-medium text-primary-foreground text-sm shadow-lg">
        Your download
      </span>
    </div>
  );
}
