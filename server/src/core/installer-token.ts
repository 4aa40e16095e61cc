import type { ServerKeys } from './ports.ts';
import { openSealedText, sealText } from './sealed-text.ts';

const KEY = 'installer-tokens';

/** What is stored of an installer's token beside its hash, so that its downloads can be shown again. */
export async function sealInstallerToken(
  keys: ServerKeys,
  installerId: string,
  token: string,
): Promise<string> {
  return sealText(token, await keys.secret(KEY), `installer:${installerId}`);
}

/** Throws when it was not sealed for this installer by this server. */
export async function openInstallerToken(
  keys: ServerKeys,
  installerId: string,
  sealed: string,
): Promise<string> {
  return openSealedText(sealed, await keys.secret(KEY), `installer:${installerId}`);
}
