import { useEffect } from 'react';
import { useRouteError } from 'react-router';
import { Button } from '../components/button.tsx';

/** Shown when a page breaks or its code cannot be loaded, after an update of the server for instance. */
export function RouteFailure() {
  const error = useRouteError();
  useEffect(() => reportError(error), [error]);
  return (
    <main
      role="alert"
      className="grid min-h-dvh place-content-center justify-items-center gap-4 p-6 text-center"
    >
      <h1 className="font-semibold text-xl">This page could not be shown</h1>
      <p className="max-w-md text-muted-foreground">
        The connection may be down, or the server was updated. Loading the page again usually helps.
      </p>
      <Button tone="primary" onClick={() => location.reload()}>
        Load again
      </Button>
    </main>
  );
}
