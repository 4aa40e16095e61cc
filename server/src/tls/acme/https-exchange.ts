import { type RequestOptions, request } from 'node:https';
import * as z from 'zod/mini';

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** In seconds, when the authority says when to ask again. */
  readonly retryAfter: number | undefined;
  header(name: string): string | undefined;
}

export type Exchange = (url: string, options?: { method?: 'GET' | 'HEAD'; jose?: string }) => Promise<Answer>;

const TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 1024 * 1024;

/** HTTPS requests to an ACME authority. `fetch` cannot be given certificate authorities, so it is not used here. */
export function createExchange(ca: readonly string[] | undefined, signal: AbortSignal): Exchange {
  return (url, { method = 'GET', jose } = {}) => {
    const options: RequestOptions = {
      method: jose === undefined ? method : 'POST',
      headers: {
        'User-Agent': 'GuruConnect',
        ...(jose === undefined ? {} : { 'Content-Type': 'application/jose+json' }),
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      ...(ca === undefined ? {} : { ca: [...ca] }),
    };
    return new Promise((resolve, reject) => {
      const fail = (error: Error) =>
        reject(new Error(`${new URL(url).host} did not answer: ${error.message}`, { cause: error }));
      const sent = request(url, options, (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > MAX_BODY_BYTES) response.destroy(new Error('the answer is too large'));
          else parts.push(part);
        });
        response.on('error', fail);
        response.on('end', () => {
          const header = (name: string) => {
            const value = response.headers[name];
            return Array.isArray(value) ? value[0] : value;
          };
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(parts).toString('utf8'),
            retryAfter: secondsOf(header('retry-after')),
            header,
          });
        });
      });
      sent.on('error', fail);
      sent.end(jose);
    });
  };
}

/** `Retry-After` is a number of seconds or a date (RFC 9110, 10.2.3). */
function secondsOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  const parsed = z.safeParse(z.number().check(z.gte(0)), seconds);
  return parsed.success ? parsed.data : undefined;
}
