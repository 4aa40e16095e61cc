import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import type * as z from 'zod/mini';
import type { CertificatePair } from '../certificate-files.ts';
import { type AcmeAccount, bodyOf } from './acme-account.ts';
import { AcmeError } from './acme-error.ts';
import { Authorization, Order } from './acme-messages.ts';
import { createCertificateRequest } from './certificate-request.ts';
import type { Answer } from './https-exchange.ts';

export interface OrderDeps {
  readonly account: AcmeAccount;
  readonly domains: readonly string[];
  /** Answers to challenges by their token, as long as somebody may ask for them. */
  readonly challenges: Map<string, string>;
  /** Resolves after the milliseconds; rejects when the server closes. */
  readonly pause: (ms: number) => Promise<void>;
}

const POLLS = 60;
const MIN_POLL_SECONDS = 1;
const MAX_POLL_SECONDS = 30;
const TOKEN = /^[A-Za-z0-9_-]+$/;

/** Gets one certificate for all domains by HTTP-01 (RFC 8555, 7.4), with a new key. Throws AcmeError. */
export async function orderCertificate(deps: OrderDeps): Promise<CertificatePair> {
  const { account, domains } = deps;
  const identifiers = domains.map((value) => ({ type: 'dns', value }));
  const placed = await account.post('the order was refused', account.directory.newOrder, { identifiers });
  const orderUrl = placed.header('location');
  if (orderUrl === undefined) throw AcmeError.of('the order has no address', placed);
  for (const url of bodyOf(Order, placed).authorizations) await prove(url, deps);

  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ready = await poll(deps, orderUrl, Order, (order) => order.status !== 'pending');
  if (ready.status === 'invalid') throw new AcmeError('the order failed', ready.error);
  const csr = createCertificateRequest(domains, privateKey).toString('base64url');
  await account.post('the request was refused', ready.finalize, { csr });
  const done = await poll(deps, orderUrl, Order, ({ status }) => status === 'valid' || status === 'invalid');
  if (done.certificate === undefined) throw new AcmeError('the order failed', done.error);
  const { body } = await account.post('the certificate was not given', done.certificate);
  if (!new X509Certificate(body).checkPrivateKey(privateKey)) {
    throw new AcmeError('the certificate is not for our key', undefined);
  }
  return { certificate: body, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** Shows the authority that a domain leads here. */
async function prove(url: string, deps: OrderDeps): Promise<void> {
  const { account, challenges } = deps;
  const asked = bodyOf(Authorization, await account.post('the authorization was not given', url));
  if (asked.status === 'valid') return;
  const domain = asked.identifier.value;
  const challenge = asked.challenges.find(({ type }) => type === 'http-01');
  const token = challenge?.token;
  if (!challenge || token === undefined || !TOKEN.test(token)) {
    throw new AcmeError(`${domain} cannot be proved by HTTP`, undefined);
  }
  challenges.set(token, `${token}.${account.thumbprint}`);
  try {
    await account.post(`the challenge of ${domain} was refused`, challenge.url, {});
    const result = await poll(deps, url, Authorization, ({ status }) => status !== 'pending');
    if (result.status === 'valid') return;
    const failed = result.challenges.find(({ error }) => error !== undefined);
    throw new AcmeError(`${domain} was not proved`, failed?.error);
  } finally {
    challenges.delete(token);
  }
}

/** Reads something again and again until it is settled, as often as the authority wants. */
async function poll<T>(
  { account, pause }: OrderDeps,
  url: string,
  schema: z.ZodMiniType<T>,
  isSettled: (value: T) => boolean,
): Promise<T> {
  for (let polls = 0; polls < POLLS; polls += 1) {
    const answer: Answer = await account.post('the state was not given', url);
    const value = bodyOf(schema, answer);
    if (isSettled(value)) return value;
    const seconds = Math.max(MIN_POLL_SECONDS, answer.retryAfter ?? MIN_POLL_SECONDS);
    await pause(Math.min(MAX_POLL_SECONDS, seconds) * 1000);
  }
  throw new AcmeError('the authority did not come to an end', undefined);
}
