import type { ReactNode } from 'react';
import { BrowserPicture } from './browser-picture.tsx';
import { SmartScreenPicture } from './smart-screen-picture.tsx';
import type { VisitorBrowser } from './visitor.ts';

/** What to do with the download, drawn: where this browser shows it, and what Windows asks then. */
export function StartSteps(props: { code: string; browser: VisitorBrowser; isUnsigned: boolean }) {
  const { code, browser, isUnsigned } = props;
  return (
    <ol aria-label="What to do" className="mt-4 grid gap-5 sm:grid-cols-2">
      <Step number={1} title="Click the file" picture={<BrowserPicture browser={browser} />}>
        {WHERE[browser]} It is called GuruConnect-{code}.exe.
      </Step>
      {isUnsigned ? (
        <Step number={2} title="Windows asks: More info, then Run anyway" picture={<SmartScreenPicture />}>
          Windows does not know this program yet and may show “Windows protected your PC”. Click “More info”,
          then “Run anyway”.
        </Step>
      ) : (
        <Step number={2} title="Windows may ask: Run" picture={<SmartScreenPicture isSigned />}>
          If Windows asks whether to run the file, choose “Run”. Then wait: this page shows when the app is
          there.
        </Step>
      )}
    </ol>
  );
}

const WHERE: Record<VisitorBrowser, string> = {
  chrome: 'Chrome shows it at the top right, under the arrow. If it asks, choose “Keep”.',
  edge: 'Edge shows it at the top right under “Downloads”: choose “Open file”. If it warns, choose “…” and “Keep”.',
  firefox: 'Firefox shows it at the top right, under the arrow in the toolbar.',
  safari: 'Safari shows it at the top right, under the arrow in the toolbar.',
  other: 'Your browser shows its downloads at the top right or at the bottom; Ctrl + J lists them.',
};

function Step(props: { number: number; title: string; picture: ReactNode; children: ReactNode }) {
  return (
    <li className="grid content-start gap-2.5 text-sm">
      {props.picture}
      <p className="flex gap-2.5 font-medium">
        <span
          aria-hidden="true"
          className="grid size-6 shrink-0 place-items-center rounded-full bg-accent font-medium text-accent-foreground text-xs"
        >
          {props.number}
        </span>
        <span className="pt-0.5">{props.title}</span>
      </p>
      <p className="text-muted-foreground">{props.children}</p>
    </li>
  );
}
