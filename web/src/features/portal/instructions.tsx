const STEPS = [
  'Call your technician and ask for a code.',
  'Enter the six digits above and choose Connect.',
  'Run the small app that is offered. You decide what the technician may see, and you can stop at any time.',
];

/** The company's own words if there are any, else the three steps. */
export function Instructions({ text }: { text: string | undefined }) {
  return (
    <section aria-labelledby="how-title" className="mt-6 px-2 sm:px-4">
      <h2 id="how-title" className="font-medium text-sm">
        How it works
      </h2>
      {text ? (
        <p className="mt-2 whitespace-pre-line text-muted-foreground text-sm leading-relaxed">{text}</p>
      ) : (
        <ol className="mt-3 grid gap-3 text-muted-foreground text-sm">
          {STEPS.map((step, index) => (
            <li key={step} className="flex gap-3">
              <span
                aria-hidden="true"
                className="grid size-6 shrink-0 place-items-center rounded-full bg-accent font-medium text-accent-foreground text-xs"
              >
                {index + 1}
              </span>
              <span className="pt-0.5">{step}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
