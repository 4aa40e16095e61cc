/** Our mark: a G whose bar is a connected end point. Decorative; the name stands beside it. */
export function LogoMark({ className = 'size-9' }: { className?: string }) {
  return (
    <svg viewBox="0 0 64 64" aria-hidden="true" className={className}>
      <rect width="64" height="64" rx="15" className="fill-[#0e7286]" />
      <path
        d="M46.6 22.4A17.5 17.5 0 1 0 49.5 34H36"
        fill="none"
        stroke="#fff"
        strokeWidth="6.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="33.5" cy="34" r="5.2" className="fill-[#7fe3ee]" />
    </svg>
  );
}
