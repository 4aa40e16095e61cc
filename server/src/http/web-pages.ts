import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type Response, Router, static as serveStatic } from 'express';

export interface WebPagesOptions {
  /** The built web app: `index.html` (portal), `app.html` (dashboard), `session.html` (a viewer), `assets/` with hashed names. */
  readonly webDir: string;
  readonly isSetupOpen: () => boolean;
}

const YEAR_SECONDS = 31_536_000;

/** The pages of the web app under their paths, and their files. */
export function createWebPages({ webDir, isSetupOpen }: WebPagesOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const page = (file: string) => (_request: unknown, response: Response) => {
    // The names of the files a page loads change with each build, so the page itself is always asked for.
    response.set('Cache-Control', 'no-cache').sendFile(file, { root: webDir, cacheControl: false });
  };
  router.get(['/', '/join/:code', '/join/:code/'], page('index.html'));
  router.get('/app/session/:sessionId', page('session.html'));
  router.get(['/app', '/app/', '/app/*rest'], page('app.html'));
  // Links of other programs that lead to a machine (I1).
  router.get(['/connect', '/connect/', '/connect/*rest'], page('app.html'));
  router.get('/setup', (request, response, next) => {
    if (isSetupOpen()) page('app.html')(request, response);
    else next();
  });
  router.use(
    '/assets',
    serveStatic(join(webDir, 'assets'), {
      ...FILES_ONLY,
      immutable: true,
      maxAge: YEAR_SECONDS * 1000,
    }),
  );
  const files = serveStatic(webDir, { ...FILES_ONLY, maxAge: 60 * 60 * 1000 });
  router.use((request, response, next) => {
    // Pages are reached by their own paths only.
    if (extname(request.path).toLowerCase() === '.html') next();
    else files(request, response, next);
  });
  return router;
}

const FILES_ONLY = { index: false, redirect: false, dotfiles: 'ignore' } as const;

/** Whether the web app has been built. */
export function hasWebPages(webDir: string): boolean {
  return existsSync(join(webDir, 'index.html'));
}
