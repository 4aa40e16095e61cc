import { join } from 'node:path';
import { Router } from 'express';
import type { ReleasesDeps, ReleasesFeature } from '../core/delivery-features.ts';
import { createThrottle } from '../core/throttle.ts';
import { answerFailures } from './http/answer-failures.ts';
import { createInstallerRouter } from './http/installer-router.ts';
import { createLinuxRouter } from './http/linux-router.ts';
import { createSetOfRequest } from './http/set-of-request.ts';
import { createWindowsRouter, oneTime } from './http/windows-router.ts';
import { InstallerFinder } from './installers/installer-finder.ts';
import { createInstallerReleaseHandlers } from './installers/release-handlers.ts';
import { AgentPackage } from './linux/agent-package.ts';
import { LinuxInstallers } from './linux/linux-installers.ts';
import { MsiMaker } from './msi/msi-maker.ts';
import { MsiTools } from './msi/msi-tools.ts';
import { OwnOrigin } from './own-origin.ts';
import { ProgramMaker } from './programs/program-maker.ts';
import type { ReleaseSet } from './programs/release-set.ts';
import { ReleaseShelf } from './programs/release-shelf.ts';
import { WindowsBuildFolder } from './programs/windows-build.ts';
import { ForkedSigner } from './signer/forked-signer.ts';
import { NO_SIGNER } from './signer/signer.ts';

/** Mails of one person. */
const MAILS = { tries: 20, perSeconds: 60 * 60 };

/** Agents that this server hands out (B2-B4, E1, P4). */
export function createReleasesFeature(deps: ReleasesDeps): ReleasesFeature {
  const { settings, clock, log, mailer, agentVersion: version } = deps;
  const maker = new ProgramMaker({ entry: deps.programWorkerEntry, clock });
  const { signing: variables, signerEntry: entry, cacheDir } = deps;
  const signer = variables ? new ForkedSigner({ entry, variables, folder: cacheDir, clock, log }) : NO_SIGNER;
  const folder = new WindowsBuildFolder(deps.windowsDir, log);
  const own = new OwnOrigin(deps);
  const ownOrigin = () => own.current();
  const shelf = new ReleaseShelf({ ...deps, folder, maker, signer, ownOrigin });
  const setOfRequest = createSetOfRequest({ shelf, publicUrl: deps.publicUrl });
  const finder = new InstallerFinder(deps);
  const agent = new AgentPackage({ directory: deps.downloadDir, cacheDir: deps.cacheDir });
  const linux = new LinuxInstallers({ agent, sources: join(deps.installersDir, 'linux'), version });
  const source = join(deps.installersDir, 'msi', 'guruconnect.wxs');
  const msi = new MsiMaker({ tools: new MsiTools(), clock, source });
  const router = Router();
  router.use(createWindowsRouter({ shelf, settings, setOfRequest }));
  router.use(createLinuxRouter({ ...deps, linux }));
  router.use(createInstallerRouter({ ...deps, finder, linux, msi, setOfRequest, own }));
  router.use('/download', answerFailures(log));
  return {
    releases: {
      windows: async (origin) => {
        const set = await shelf.setFor(deps.publicUrl ?? origin ?? ownOrigin());
        if (!set) return undefined;
        const { sha256 } = await shelf.publish(set);
        return { version: set.options.build.version, manifestSha256: sha256 };
      },
      portal: async () => {
        const set = await shelf.setFor(ownOrigin());
        if (!set) return null;
        const bytes = bytesOf(set)[settings.current().windowsForm];
        return { bytes, unsigned: set.options.signedBy === null };
      },
    },
    router,
    handlers: {
      ...createInstallerReleaseHandlers({ ...deps, finder, throttle: createThrottle(MAILS), ownOrigin }),
      getReleases: async () => {
        const set = await shelf.setFor(ownOrigin());
        return {
          windows: set
            ? {
                version: set.options.build.version,
                oneTimeBytes: (await oneTime({ settings }, set)).size,
                form: settings.current().windowsForm,
                bytes: bytesOf(set),
                signedBy: set.options.signedBy,
                signingProblem: await signer.problem(),
                msiProblem: await msi.problem(),
              }
            : null,
          linux: (await agent.find()) ? { version } : null,
          mail: mailer.isConfigured,
        };
      },
    },
    close: async () => {
      maker.close();
      await signer.close();
    },
  };
}

/** Of the one-time program in both forms, to what a deployment puts into it. */
function bytesOf(set: ReleaseSet): { full: number; small: number } {
  const { pack, ui } = set.options.build.files;
  return { full: ui.size + pack.size, small: ui.size };
}
