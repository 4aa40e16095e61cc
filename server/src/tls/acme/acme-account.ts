import type * as z from 'zod/mini';
import { parse } from 'zod/mini';
import type { AccountKey } from './account-key.ts';
import { AcmeError } from './acme-error.ts';
import { Directory } from './acme-messages.ts';
import type { Answer, Exchange } from './https-exchange.ts';

/** An account at an authority, through which every request goes. */
export interface AcmeAccount {
  readonly directory: Directory;
  /** `key.thumbprint`, which proves to the authority who answers a challenge. */
  readonly thumbprint: string;
  /** A signed POST; without a payload it only reads (RFC 8555, 6.3). Throws AcmeError when it is refused. */
  post(what: string, url: string, payload?: object): Promise<Answer>;
}

/** An authority may refuse a nonce at any time and without a reason. */
const NONCE_TRIES = 20;

/** Opens the key's account, or makes it; by that its owner agrees to the authority's terms of service. */
export async function openAccount(options: {
  readonly exchange: Exchange;
  readonly directoryUrl: string;
  readonly key: AccountKey;
  readonly email: string | undefined;
}): Promise<AcmeAccount> {
  const { exchange, directoryUrl, key, email } = options;
  const listed = await exchange(directoryUrl);
  if (listed.status !== 200) throw AcmeError.of('the directory was not given', listed);
  const directory = bodyOf(Directory, listed);
  let nonce: string | undefined;

  async function newNonce(): Promise<string> {
    const answer = await exchange(directory.newNonce, { method: 'HEAD' });
    const given = answer.header('replay-nonce');
    if (given === undefined) throw AcmeError.of('no nonce was given', answer);
    return given;
  }

  async function send(what: string, url: string, who: object, payload: string): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      const used = nonce ?? (await newNonce());
      nonce = undefined;
      const answer = await exchange(url, { jose: key.signed({ ...who, nonce: used, url }, payload) });
      nonce = answer.header('replay-nonce');
      if (answer.status < 400) return answer;
      const error = AcmeError.of(what, answer);
      if (error.kind !== 'badNonce' || tries === NONCE_TRIES) throw error;
    }
  }

  const contact = email === undefined ? {} : { contact: [`mailto:${email}`] };
  const request = JSON.stringify({ termsOfServiceAgreed: true, ...contact });
  const opened = await send('the account was refused', directory.newAccount, { jwk: key.jwk }, request);
  const kid = opened.header('location');
  if (kid === undefined) throw AcmeError.of('the account has no address', opened);
  return {
    directory,
    thumbprint: key.thumbprint,
    post: (what, url, payload) =>
      send(what, url, { kid }, payload === undefined ? '' : JSON.stringify(payload)),
  };
}

/** An answer's JSON, checked. */
export function bodyOf<T>(schema: z.ZodMiniType<T>, answer: Answer): T {
  return parse(schema, JSON.parse(answer.body));
}
