import type { ReactNode } from 'react';
import { Card } from '../../components/card.tsx';
import { LogoMark } from '../../components/logo.tsx';

/** The frame of the pages in front of the sign-in. */
export function AuthPage(props: { title: string; description?: string; children: ReactNode }) {
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-8">
      <div className="w-full max-w-md">
        <div className="mb-6 flex items-center justify-center gap-3">
          <LogoMark className="size-10" />
          <span className="font-semibold text-xl tracking-tight">GuruConnect</span>
        </div>
        <Card className="p-6 sm:p-8">
          <h1 className="font-semibold text-xl">{props.title}</h1>
          {props.description && <p className="mt-1 text-muted-foreground text-sm">{props.description}</p>}
          <div className="mt-6">{props.children}</div>
        </Card>
      </div>
    </main>
  );
}
