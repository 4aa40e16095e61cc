import { Router } from 'express';
import { DOCS_STYLE, docsPage } from './docs-page.ts';
import { createOpenApi } from './openapi.ts';

/** `/api/docs` for people, `/api/openapi.json` for programs. */
export function createDocsRouter(): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const page = docsPage();
  const description = createOpenApi();
  router.get('/api/docs', (_request, response) => {
    response.type('html').send(page);
  });
  router.get('/api/docs.css', (_request, response) => {
    response.type('css').send(DOCS_STYLE);
  });
  router.get('/api/openapi.json', (_request, response) => {
    response.json(description);
  });
  return router;
}
