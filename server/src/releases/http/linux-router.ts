import { SessionCode } from '@guruconnect/shared';
import { type Request, Router } from 'express';
import * as z from 'zod/mini';
import type { ReleasesDeps } from '../../core/delivery-features.ts';
import { requestOrigin } from '../../core/request-origin.ts';
import type { LinuxInstallers } from '../linux/linux-installers.ts';
import { answerPlainly } from './plain-answer.ts';
import { sendDownload } from './send-download.ts';

type Deps = Pick<ReleasesDeps, 'publicUrl' | 'authority'> & { readonly linux: LinuxInstallers };

/** The one-time program for Linux in one file. Any six digits give it. */
export function createLinuxRouter({ publicUrl, authority, linux }: Deps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/download/linux/:file', async (request: Request<{ file: string }>, response, next) => {
    const code = z.safeParse(SessionCode, /^GuruConnect-(.{1,20})\.run$/.exec(request.params.file)?.[1]);
    if (!code.success) return next();
    const origin = publicUrl ?? requestOrigin(request);
    if (origin === undefined) {
      return answerPlainly(response, 400, 'The request does not say which server it is for.');
    }
    const trust = origin.startsWith('https:') ? authority : '';
    const download = await linux.oneTime({ origin, authority: trust }, code.data);
    if (download) return sendDownload(request, response, download);
    answerPlainly(
      response,
      404,
      'This server has no agent for Linux yet. Whoever runs the server makes it with: npm run build',
    );
  });
  return router;
}
