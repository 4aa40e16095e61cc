import { GuruError } from '@guruconnect/shared';
import { Router } from 'express';
import type { ReleasesDeps, ReleasesFeature } from '../core/delivery-features.ts';
import { createSetOfRequest } from './http/set-of-request.ts';
import { createWindowsRouter, oneTime } from './http/windows-router.ts';
import { ProgramMaker } from './programs/program-maker.ts';
import { ReleaseShelf } from './programs/release-shelf.ts';
import { WindowsBuildFolder } from './programs/windows-build.ts';
import { NO_SIGNER } from './signer/signer.ts';

/** Agents that this server hands out (B2-B4, E1, P4). */
export function createReleasesFeature(deps: ReleasesDeps): ReleasesFeature {
  const { settings, clock, log } = deps;
  const refuse = async () => {
    throw new GuruError('unavailable', 'This server hands out no Windows agents.');
  };
  const maker = new ProgramMaker({ entry: deps.programWorkerEntry, clock });
  const signer = NO_SIGNER;
  const folder = new WindowsBuildFolder(deps.windowsDir, log);
  const ownOrigin = () => deps.publicUrl ?? deps.localOrigin();
  const shelf = new ReleaseShelf({ ...deps, folder, maker, signer, ownOrigin });
  const setOfRequest = createSetOfRequest({ shelf, publicUrl: deps.publicUrl });
  const router = Router();
  router.use(createWindowsRouter({ shelf, settings, setOfRequest }));
  return {
    releases: {
      windows: async () => {
        const set = await shelf.setFor(ownOrigin());
        if (!set) return undefined;
        const { sha256 } = await shelf.publish(set);
        return { version: set.options.build.version, manifestSha256: sha256 };
      },
      portal: async () => {
        const set = await shelf.setFor(ownOrigin());
        if (!set) return null;
        const { pack, ui } = set.options.build.files;
        const bytes = settings.current().windowsForm === 'small' ? ui.size : ui.size + pack.size;
        return { bytes, unsigned: set.options.signedBy === null };
      },
    },
    router,
    handlers: {
      getReleases: async () => {
        const set = await shelf.setFor(ownOrigin());
        return {
          windows: set
            ? {
                version: set.options.build.version,
                oneTimeBytes: (await oneTime({ settings }, set)).size,
                form: settings.current().windowsForm,
                signedBy: set.options.signedBy,
                signingProblem: await signer.problem(),
                msiProblem: 'Not made yet.',
              }
            : null,
          linux: null,
          mail: false,
        };
      },
      revealInstaller: refuse,
      installerMachines: refuse,
      mailInstaller: refuse,
    },
    close: async () => {
      maker.close();
      await signer.close();
    },
  };
}
