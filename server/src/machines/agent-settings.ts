import type { MachinesDeps } from '../core/machine-features.ts';

/** Key that signs the grants of viewers; its public half is pinned by every agent. */
const GRANT_KEY = 'grants';

/** What every agent is told of the deployment with each answer. */
export async function agentSettings({ settings, keys }: Pick<MachinesDeps, 'settings' | 'keys'>) {
  const { companyName, checkInMinutes } = settings.current();
  const { publicKeySpkiBase64Url } = await keys.signingKey(GRANT_KEY);
  return { companyName, serverPublicKey: publicKeySpkiBase64Url, checkInSeconds: checkInMinutes * 60 };
}
