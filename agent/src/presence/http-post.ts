import http from 'node:http';
import https from 'node:https';
import { fromWireError, GuruError, WireError } from '@guruconnect/shared';
import * as z from 'zod/mini';
import { ProxyError } from '../proxy/proxy-error.ts';
import { requestOptions, type WayOut } from '../proxy/way-out.ts';

const MAX_REPLY_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;
const ErrorBody = z.union([z.object({ error: WireError }), WireError]);

/** `fetch` can be given neither authorities nor, before Node 24, a proxy. */
export interface PostOptions extends WayOut {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Posts JSON text. Rejects with the server's GuruError, or `unavailable` when it cannot be reached. */
export async function postJson<T extends z.ZodMiniType>(
  url: URL,
  body: string,
  reply: T,
  options: PostOptions,
): Promise<z.infer<T>> {
  const answer = await send(url, body, options);
  if (answer.status >= 400) throw errorOf(answer);
  const parsed = z.safeParse(reply, parseJson(answer.text));
  if (!parsed.success) throw new GuruError('unavailable', 'The server gave an answer that makes no sense.');
  return parsed.data;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function send(url: URL, body: string, { ca, proxies, headers, signal }: PostOptions): Promise<Answer> {
  const transport = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const unreachable = (error: Error) => {
      const why = error instanceof ProxyError ? `. ${error.message}` : `: ${error.message}`;
      reject(new GuruError('unavailable', `The server cannot be reached${why}`, { cause: error }));
    };
    const request = transport.request(
      url,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
        timeout: TIMEOUT_MS,
        signal,
        ...requestOptions(url, { ca, proxies }, signal),
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_REPLY_BYTES) request.destroy(new Error('the answer is too long'));
          else chunks.push(chunk);
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
        response.on('error', unreachable);
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', unreachable);
    request.end(body);
  });
}

function errorOf(answer: Answer): GuruError {
  const body = z.safeParse(ErrorBody, parseJson(answer.text));
  if (!body.success) return new GuruError('unavailable', `The server answered with status ${answer.status}.`);
  return fromWireError('error' in body.data ? body.data.error : body.data);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's error page, for example: it fails the schema, with a clear message there.
    return undefined;
  }
}
