import type { ReactNode } from 'react';
import type { VisitorBrowser } from './visitor.ts';

/** A browser's window with its list of downloads open, drawn from plain shapes in the page's own colours. */
export function BrowserPicture({ browser }: { browser: VisitorBrowser }) {
  return (
    <svg
      viewBox="0 0 320 180"
      aria-hidden="true"
      data-picture={browser}
      className="w-full rounded-lg border border-border bg-muted"
    >
      <WindowFrame isFlat={browser === 'firefox' || browser === 'safari'} />
      {LISTS[browser]}
    </svg>
  );
}

/** Tabs, the address field and a page. */
function WindowFrame({ isFlat }: { isFlat: boolean }) {
  return (
    <g>
      <rect x="14" y="14" width="292" height="166" rx="8" className="fill-card stroke-border" />
      <path d="M14 22a8 8 0 0 1 8-8h276a8 8 0 0 1 8 8v14H14z" className="fill-border" />
      <rect x="24" y="20" width="84" height={isFlat ? 12 : 16} rx="4" className="fill-card" />
      <rect x="32" y="25" width="44" height="4" rx="2" className="fill-muted-foreground/60" />
      <g className="fill-none stroke-muted-foreground" strokeWidth="1.4">
        <path d="M262 25h8M278 21.5h7v7h-7zM292 21.5l7 7m0-7l-7 7" />
      </g>
      <circle cx="28" cy="46" r="3" className="fill-muted-foreground/50" />
      <circle cx="40" cy="46" r="3" className="fill-muted-foreground/50" />
      <rect x="52" y="40" width="164" height="12" rx="6" className="fill-muted" />
      <rect x="60" y="44.5" width="70" height="3.5" rx="1.75" className="fill-muted-foreground/50" />
      <path d="M14 57.500h292" className="stroke-border" />
      <g className="fill-muted">
        <rect x="30" y="76" width="96" height="9" rx="4.5" />
        <rect x="30" y="94" width="120" height="5" rx="2.5" />
        <rect x="30" y="106" width="104" height="5" rx="2.5" />
        <rect x="30" y="128" width="72" height="18" rx="6" />
      </g>
    </g>
  );
}

/** The toolbar's button for downloads, marked. */
function TrayButton({ x }: { x: number }) {
  return (
    <g>
      <circle cx={x} cy="46" r="8.5" className="fill-accent" />
      <path
        d={`M${x} 41v6.500m-3-2.600l3 2.9 3-2.900M${x - 4} 50.500h8`}
        className="fill-none stroke-primary"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </g>
  );
}

/** A line of the list: the program's file. */
function FileLine({ x, y, width, second }: { x: number; y: number; width: number; second?: ReactNode }) {
  return (
    <g>
      <rect x={x} y={y} width={width} height="30" rx="5" className="fill-accent stroke-primary" />
      <rect x={x + 7} y={y + 7} width="16" height="16" rx="3" className="fill-primary" />
      <path
        d={`M${x + 11} ${y + 12}h8v5h-8zM${x + 13} ${y + 19.5}h4`}
        className="fill-none stroke-primary-foreground"
        strokeWidth="1.2"
      />
      <text x={x + 29} y={y + 13} className="fill-foreground font-medium text-[8px]">
        GuruConnect-…exe
      </text>
      {second}
    </g>
  );
}

function Note({ x, y, children }: { x: number; y: number; children: string }) {
  return (
    <text x={x} y={y} className="fill-muted-foreground text-[7px]">
      {children}
    </text>
  );
}

/** A hand that shows where to click; it moves where the person wants movement. */
function Pointer({ x, y }: { x: number; y: number }) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <path
        d="M0 0l2.5 15 4-4.2 4.6 7.2 3.2-2-4.5-7.2 5.6-1.200z"
        strokeWidth="1.2"
        strokeLinejoin="round"
        className="fill-foreground stroke-card [transform-box:fill-box] motion-safe:animate-bounce"
      />
    </g>
  );
}

const LISTS: Record<VisitorBrowser, ReactNode> = {
  // A bubble that hangs under the button beside the picture of the person.
  chrome: (
    <g>
      <TrayButton x={252} />
      <circle cx="276" cy="46" r="7" className="fill-muted-foreground/40" />
      <path d="M293 42v.1m0 3.900v.1m0 3.900v.1" className="stroke-muted-foreground" strokeWidth="2.4" />
      <rect x="156" y="62" width="132" height="62" rx="9" className="fill-card stroke-border" />
      <text x="166" y="76" className="fill-muted-foreground text-[7px]">
        Recent download history
      </text>
      <FileLine
        x={164}
        y={84}
        width={116}
        second={
          <Note x={193} y={106}>
            Done
          </Note>
        }
      />
      <Pointer x={252} y={104} />
    </g>
  ),
  // A wide list with a heading and a blue "Open file" in each line.
  edge: (
    <g>
      <TrayButton x={244} />
      <circle cx="292" cy="46" r="7" className="fill-muted-foreground/40" />
      <path d="M266 46h.1m4.4 0h.1m4.4 0h.1" className="stroke-muted-foreground" strokeWidth="2.4" />
      <rect x="140" y="62" width="148" height="70" rx="5" className="fill-card stroke-border" />
      <text x="150" y="77" className="fill-foreground font-medium text-[9px]">
        Downloads
      </text>
      <path d="M258 74h.1m4.9 0h.1m4.9 0h.1" className="stroke-muted-foreground" strokeWidth="2" />
      <FileLine
        x={148}
        y={88}
        width={132}
        second={
          <text x={177} y={112} className="fill-primary text-[8px] underline">
            Open file
          </text>
        }
      />
      <Pointer x={216} y={110} />
    </g>
  ),
  // A panel with a point at its top, and a line that leads to all downloads.
  firefox: (
    <g>
      <TrayButton x={240} />
      <path d="M288 42h10m-10 4h10m-10 4h10" className="stroke-muted-foreground" strokeWidth="1.5" />
      <path d="M232 66l8-8 8 8z" className="fill-card stroke-border" />
      <rect x="150" y="64" width="138" height="72" rx="4" className="fill-card stroke-border" />
      <path d="M233.5 65h13" className="stroke-card" strokeWidth="3" />
      <FileLine
        x={158}
        y={72}
        width={122}
        second={
          <Note x={187} y={96}>
            Completed
          </Note>
        }
      />
      <path d="M150 112.500h138" className="stroke-border" />
      <Note x={160} y={127}>
        Show all downloads
      </Note>
      <Pointer x={246} y={92} />
    </g>
  ),
  safari: (
    <g>
      <TrayButton x={262} />
      <path
        d="M286 50v-9m-3 3l3-3 3 3"
        className="fill-none stroke-muted-foreground"
        strokeWidth="1.4"
        strokeLinecap="round"
      />
      <rect x="156" y="62" width="132" height="62" rx="10" className="fill-card stroke-border" />
      <text x="166" y="77" className="fill-foreground font-medium text-[8px]">
        Downloads
      </text>
      <FileLine
        x={164}
        y={86}
        width={116}
        second={
          <Note x={193} y={109}>
            Done
          </Note>
        }
      />
      <Pointer x={250} y={106} />
    </g>
  ),
  // Nobody's in particular: the list stands alone.
  other: (
    <g>
      <TrayButton x={262} />
      <rect x="110" y="72" width="178" height="60" rx="7" className="fill-card stroke-border" />
      <text x="120" y="87" className="fill-foreground font-medium text-[8px]">
        Downloads
      </text>
      <rect x="244" y="79" width="36" height="11" rx="3" className="fill-muted" />
      <text x="249" y="87" className="fill-muted-foreground text-[7px]">
        Ctrl + J
      </text>
      <FileLine
        x={118}
        y={95}
        width={162}
        second={
          <Note x={147} y={118}>
            Done
          </Note>
        }
      />
      <Pointer x={230} y={112} />
    </g>
  ),
};
