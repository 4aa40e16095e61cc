/** The window in which Windows asks before an unknown program runs, before and after "More info"; or the short one of a signed program. */
export function SmartScreenPicture({ isSigned = false }: { isSigned?: boolean }) {
  return (
    <svg
      viewBox="0 0 320 180"
      aria-hidden="true"
      data-picture={isSigned ? 'run' : 'smart-screen'}
      className="w-full rounded-lg border border-border bg-muted"
    >
      {isSigned ? <RunQuestion /> : <Warning />}
    </svg>
  );
}

function Warning() {
  return (
    <g>
      <Window x={10} />
      <g>
        <text x={22} y={112} className="fill-white font-medium text-[9px] underline">
          More info
        </text>
        <rect x={16} y={101} width="50" height="16" rx="4" className="fill-none stroke-white" />
      </g>
      <path
        d="M148 90h20m-7-6l7 6-7 6"
        strokeWidth="2.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        className="fill-none stroke-primary motion-safe:animate-pulse"
      />
      <Window x={178} />
      <rect x={190} y={101} width="108" height="4" rx="2" className="fill-white/60" />
      <rect x={190} y={109} width="70" height="4" rx="2" className="fill-white/60" />
      <rect x={190} y={126} width="58" height="17" rx="2" className="fill-white" />
      <text x={219} y={137.5} textAnchor="middle" className="fill-sky-800 font-semibold text-[7.5px]">
        Run anyway
      </text>
      <rect x={253} y={126} width="46" height="17" rx="2" className="fill-none stroke-white" />
      <text x={276} y={137.5} textAnchor="middle" className="fill-white text-[8px]">
        Don’t run
      </text>
    </g>
  );
}

/** The blue window with its sentence. */
function Window({ x }: { x: number }) {
  return (
    <g>
      <rect x={x} y="28" width="132" height="124" rx="3" className="fill-sky-800" />
      <text x={x + 12} y="50" className="fill-white font-medium text-[9px]">
        Windows protected
      </text>
      <text x={x + 12} y="62" className="fill-white font-medium text-[9px]">
        your PC
      </text>
      <rect x={x + 12} y="73" width="106" height="4" rx="2" className="fill-white/60" />
      <rect x={x + 12} y="81" width="98" height="4" rx="2" className="fill-white/60" />
      <rect x={x + 12} y="89" width="60" height="4" rx="2" className="fill-white/60" />
    </g>
  );
}

function RunQuestion() {
  return (
    <g>
      <rect x="60" y="34" width="200" height="112" rx="6" className="fill-card stroke-border" />
      <text x="74" y="56" className="fill-foreground font-medium text-[10px]">
        Do you want to run this file?
      </text>
      <rect x="74" y="68" width="22" height="22" rx="4" className="fill-primary" />
      <path d="M80 75h10v7H80zM82.5 86h5" className="fill-none stroke-primary-foreground" strokeWidth="1.5" />
      <text x="104" y="78" className="fill-foreground text-[8.500px]">
        GuruConnect-…exe
      </text>
      <rect x="104" y="83" width="92" height="4" rx="2" className="fill-muted-foreground/50" />
      <rect x="138" y="112" width="52" height="20" rx="4" className="fill-primary" />
      <text x="164" y="125" textAnchor="middle" className="fill-primary-foreground font-semibold text-[9px]">
        Run
      </text>
      <rect x="196" y="112" width="52" height="20" rx="4" className="fill-none stroke-border" />
      <text x="222" y="125" textAnchor="middle" className="fill-muted-foreground text-[9px]">
        Cancel
      </text>
    </g>
  );
}
