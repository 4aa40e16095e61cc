import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SessionCode } from '@guruconnect/shared';
import { type Request, type Response, Router, static as serveStatic } from 'express';
import * as z from 'zod/mini';
import { requestOrigin } from '../core/request-origin.ts';

export interface DownloadsOptions {
  /** Folder of agent packages, as the agent's build fills it; it may be empty, and be filled while the server runs. */
  readonly directory: string;
  /** Origin that people open; undefined: the one that a request went to. */
  readonly publicUrl: string | undefined;
}

const TEMPLATE = 'linux-run.sh.template';
const LINUX_PACKAGE = 'guruconnect-agent-linux-x64.tar.gz';
const NOT_BUILT =
  'This server has no agent for Linux yet. Whoever runs the server makes it with: npm run build\n';
/**
 * Agent packages under `/download`, and `/download/linux/<code>.sh`, which starts the agent for one session. Any six
 * digits give that script: whether a code is good is nobody's to learn here.
 */
export function createDownloads({ directory, publicUrl }: DownloadsOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/download/linux/:file', async (request: Request<{ file: string }>, response, next) => {
    const code = z.safeParse(SessionCode, request.params.file.replace(/\.sh$/, ''));
    if (!code.success || !request.params.file.endsWith('.sh')) return next();
    const origin = publicUrl ?? requestOrigin(request);
    if (origin === undefined) {
      plainText(response, 400).send('The request does not say which server it is for.\n');
      return;
    }
    const template = await readFile(join(directory, TEMPLATE), 'utf8').catch(() => undefined);
    if (template === undefined) {
      plainText(response, 404).send(NOT_BUILT);
      return;
    }
    response.set({ 'Cache-Control': 'no-store', 'Content-Type': 'text/x-shellscript; charset=utf-8' });
    response.send(template.replaceAll('__ORIGIN__', () => origin).replaceAll('__CODE__', () => code.data));
  });
  router.use(
    '/download',
    serveStatic(directory, { index: false, redirect: false, dotfiles: 'ignore', maxAge: 0 }),
  );
  router.get(`/download/${LINUX_PACKAGE}`, (_request, response) => {
    plainText(response, 404).send(NOT_BUILT);
  });
  return router;
}

function plainText(response: Response, status: number): Response {
  return response.status(status).type('text/plain').set('Cache-Control', 'no-store');
}
