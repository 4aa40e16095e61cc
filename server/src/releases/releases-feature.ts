import { GuruError } from '@guruconnect/shared';
import { Router } from 'express';
import type { ReleasesDeps, ReleasesFeature } from '../core/delivery-features.ts';

/** Agents that this server hands out (B2-B4, E1, P4). */
export function createReleasesFeature(_deps: ReleasesDeps): ReleasesFeature {
  const refuse = async () => {
    throw new GuruError('unavailable', 'This server hands out no Windows agents.');
  };
  return {
    releases: { windows: async () => undefined, portal: async () => null },
    router: Router(),
    handlers: {
      getReleases: async () => ({ windows: null, linux: null, mail: false }),
      revealInstaller: refuse,
      installerMachines: refuse,
      mailInstaller: refuse,
    },
    close: async () => {},
  };
}
