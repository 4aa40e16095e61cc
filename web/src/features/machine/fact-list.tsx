import type { ReactNode } from 'react';
import { CopyIcon } from '../../components/copy-icon.tsx';
import type { Fact } from './machine-facts.ts';

/** A part of the panel with its heading. */
export function PanelSection(props: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={props.title} className="border-t px-4 py-4 sm:px-5">
      <div className="mb-2 flex min-h-8 items-center justify-between gap-2">
        <h3 className="font-semibold text-muted-foreground text-xs uppercase tracking-wide">{props.title}</h3>
        {props.action}
      </div>
      {props.children}
    </section>
  );
}

/** Names and values; an unknown one is a dash. */
export function FactList({ facts, children }: { facts: readonly Fact[]; children?: ReactNode }) {
  return (
    <dl className="grid gap-y-1.5 text-sm">
      {children}
      {facts.map((fact) => (
        <FactRow key={fact.name} name={fact.name}>
          <FactLines fact={fact} />
        </FactRow>
      ))}
    </dl>
  );
}

export function FactRow(props: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[8.5rem_minmax(0,1fr)] gap-x-3">
      <dt className="py-0.5 text-muted-foreground">{props.name}</dt>
      <dd className="min-w-0 py-0.5">{props.children}</dd>
    </div>
  );
}

function FactLines({ fact }: { fact: Fact }) {
  if (fact.lines.length === 0) return <Unknown />;
  return fact.lines.map((line) => (
    <span key={line} className="group flex items-start gap-1">
      {/* Names come from machines: any characters, in any direction. */}
      <bdi className="min-w-0 break-words [overflow-wrap:anywhere]">{line}</bdi>
      {fact.isCopied && <CopyIcon text={line} label={`Copy ${fact.name.toLowerCase()} ${line}`} />}
    </span>
  ));
}

/** Nothing is known: a dash for the eye, a word for the ear. */
export function Unknown() {
  return (
    <span className="text-muted-foreground">
      <span aria-hidden="true">—</span>
      <span className="sr-only">unknown</span>
    </span>
  );
}
