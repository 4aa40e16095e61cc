import { type Request, type Response, Router } from 'express';
import type { ReleasesDeps } from '../../core/delivery-features.ts';
import { KeyedBuckets } from '../../core/keyed-buckets.ts';
import { requestOrigin } from '../../core/request-origin.ts';
import { sourceOf } from '../../core/source-of.ts';
import type { FoundInstaller, InstallerFinder } from '../installers/installer-finder.ts';
import type { LinuxInstallers } from '../linux/linux-installers.ts';
import type { MsiMaker } from '../msi/msi-maker.ts';
import type { OwnOrigin } from '../own-origin.ts';
import { answerPlainly } from './plain-answer.ts';
import { type Download, sendDownload } from './send-download.ts';
import type { SetOfRequest } from './set-of-request.ts';
import { programOf } from './windows-router.ts';

interface Deps extends Pick<ReleasesDeps, 'clock' | 'addressOf' | 'publicUrl' | 'authority'> {
  readonly finder: InstallerFinder;
  readonly linux: LinuxInstallers;
  readonly msi: MsiMaker;
  readonly setOfRequest: SetOfRequest;
  readonly own: OwnOrigin;
}

type Make = (
  request: Request,
  response: Response,
  token: string,
  found: FoundInstaller,
) => Promise<Download | undefined>;

/** Tokens have 256 bits, so this is about noise alone. */
const BAD_TRIES = { capacity: 30, refillPerSecond: 1 / 10 };
const NOT_GOOD = 'This link is not good, or not any more. Ask whoever sent it for a new one.';
const NO_LINUX =
  'This server has no agent for Linux yet. Whoever runs the server makes it with: npm run build';

/** The downloads of installers, under their token. */
export function createInstallerRouter(deps: Deps): Router {
  const bad = new KeyedBuckets(BAD_TRIES);
  const makers = makersOf(deps);
  const router = Router({ caseSensitive: true, strict: true });
  router.get(
    '/download/installer/:token/:file',
    async (request: Request<{ token: string; file: string }>, response) => {
      const { token, file } = request.params;
      const bucket = bad.of(sourceOf(deps.addressOf(request)), deps.clock.now());
      if (!bucket.take(deps.clock.now())) {
        response.set('Retry-After', String(bucket.secondsUntilNext(deps.clock.now())));
        return answerPlainly(response, 429, 'Too many tries. Wait a moment and try again.');
      }
      const make = makers.get(file);
      const found = make && (await deps.finder.byToken(token));
      // Unknown, expired, used-up and revoked ones alike, so that nobody learns which there were.
      if (!make || !found) return answerPlainly(response, 404, NOT_GOOD);
      bucket.giveBack();
      const origin = requestOrigin(request);
      if (origin !== undefined) deps.own.heard(origin);
      const download = await make(request, response, token, found);
      if (download) await sendDownload(request, response, download);
    },
  );
  return router;
}

function makersOf({ setOfRequest, msi, linux, publicUrl, authority }: Deps): Map<string, Make> {
  const ofLinux =
    (make: (target: Parameters<LinuxInstallers['debian']>[0]) => Promise<Download | undefined>): Make =>
    async (request, response, token, { company }) => {
      const origin = publicUrl ?? requestOrigin(request);
      if (origin === undefined) {
        answerPlainly(response, 400, 'The request does not say which server it is for.');
        return undefined;
      }
      const trust = origin.startsWith('https:') ? authority : '';
      const download = await make({ origin, token, authority: trust, company: company.name });
      if (!download) answerPlainly(response, 404, NO_LINUX);
      return download;
    };
  return new Map<string, Make>([
    [
      'GuruConnect.exe',
      async (request, response, token) => {
        const set = await setOfRequest(request, response);
        return set && { ...programOf(await set.setup(), `GuruConnect-Setup-${token}.exe`), cache: 'never' };
      },
    ],
    [
      'GuruConnect.msi',
      async (request, response, token) => {
        const set = await setOfRequest(request, response);
        const problem = set && (await msi.problem());
        if (problem) answerPlainly(response, 503, problem);
        return set && !problem ? msi.forToken(set, token) : undefined;
      },
    ],
    [
      'guruconnect.mst',
      async (request, response, token) => {
        const set = await setOfRequest(request, response);
        return set && msi.transform(set, token);
      },
    ],
    ['guruconnect.deb', ofLinux((target) => linux.debian(target))],
    ['install.sh', ofLinux((target) => linux.script(target))],
  ]);
}
