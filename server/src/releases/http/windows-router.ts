import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SessionCode } from '@guruconnect/shared';
import { type Request, type Response, Router } from 'express';
import * as z from 'zod/mini';
import type { Settings } from '../../core/ports.ts';
import { type Artifact, wholeOf } from '../programs/artifact.ts';
import type { ReleaseSet } from '../programs/release-set.ts';
import type { ReleaseShelf } from '../programs/release-shelf.ts';
import { answerPlainly } from './plain-answer.ts';
import { type Download, sendDownload } from './send-download.ts';
import type { SetOfRequest } from './set-of-request.ts';

interface Deps {
  readonly shelf: ReleaseShelf;
  readonly settings: Settings;
  readonly setOfRequest: SetOfRequest;
}

const SHA256 = /^[0-9a-f]{64}$/;
const PROGRAM = 'application/vnd.microsoft.portable-executable';

/** The one-time program for Windows, and what its always-on programs fetch: manifests, and files by their hash. */
export function createWindowsRouter(deps: Deps): Router {
  const { shelf, setOfRequest } = deps;
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/download/windows/:file', async (request: Request<{ file: string }>, response, next) => {
    const { file } = request.params;
    const code = /^GuruConnect(?:-(.{1,20}))?\.exe$/.exec(file);
    // Any six digits give it: whether a code is good is nobody's to learn here.
    if (!code || (code[1] !== undefined && !z.safeParse(SessionCode, code[1]).success)) return next();
    const set = await setOfRequest(request, response);
    if (!set) return;
    await sendDownload(request, response, programOf(await oneTime(deps, set), file));
  });
  router.get(
    '/download/release/win32-x64/:file',
    async (request: Request<{ file: string }>, response, next) => {
      const { file } = request.params;
      if (!isManifestName(file)) return next();
      const set = await setOfRequest(request, response);
      if (!set) return;
      const { sha256 } = await shelf.publish(set);
      await sendManifest(request, response, shelf, sha256, file, 'ask-first');
    },
  );
  router.get(
    '/download/release/win32-x64/:sha256/:file',
    async (request: Request<{ sha256: string; file: string }>, response, next) => {
      const { sha256, file } = request.params;
      if (!SHA256.test(sha256) || !isManifestName(file)) return next();
      await sendManifest(request, response, shelf, sha256, file, 'immutable');
    },
  );
  router.get(
    '/download/release/blob/:sha256',
    async (request: Request<{ sha256: string }>, response, next) => {
      const { sha256 } = request.params;
      if (!SHA256.test(sha256)) return next();
      const blob = (await shelf.blob(sha256)) ?? (await blobOfNewest(deps, request, response, sha256));
      if (response.headersSent) return;
      if (!blob)
        return answerPlainly(response, 404, 'This server has no such file. Its version may be gone.');
      await sendDownload(request, response, {
        parts: [wholeOf(blob)],
        etag: blob.sha256,
        type: 'application/octet-stream',
        cache: 'immutable',
      });
    },
  );
  return router;
}

/** A launcher may ask for the pack before anybody asked for a manifest. */
async function blobOfNewest(
  { shelf, setOfRequest }: Deps,
  request: Request,
  response: Response,
  sha256: string,
) {
  const set = await setOfRequest(request, response);
  if (!set || set.options.build.files.pack.sha256 !== sha256) return undefined;
  await set.pack();
  return shelf.blob(sha256);
}

export function oneTime({ settings }: Pick<Deps, 'settings'>, set: ReleaseSet): Promise<Artifact> {
  return settings.current().windowsForm === 'small' ? set.ui() : set.oneTime();
}

export function programOf(artifact: Artifact, fileName: string): Download {
  return {
    parts: [wholeOf(artifact)],
    etag: artifact.sha256,
    type: PROGRAM,
    fileName,
    cache: 'ask-first',
  };
}

function isManifestName(file: string): file is 'manifest.json' | 'manifest.sig' {
  return file === 'manifest.json' || file === 'manifest.sig';
}

async function sendManifest(
  request: Request,
  response: Response,
  shelf: ReleaseShelf,
  sha256: string,
  file: 'manifest.json' | 'manifest.sig',
  cache: 'immutable' | 'ask-first',
): Promise<void> {
  const paths = shelf.manifestPaths(sha256);
  const isText = file === 'manifest.json';
  const bytes = await readFile(isText ? paths.manifest : paths.signature).catch(() => undefined);
  if (!bytes) return answerPlainly(response, 404, 'This server has no such version any more.');
  await sendDownload(request, response, {
    parts: [bytes],
    etag: createHash('sha256').update(bytes).digest('hex'),
    type: isText ? 'application/json' : 'application/octet-stream',
    cache,
  });
}
