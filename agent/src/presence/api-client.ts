import http from 'node:http';
import https from 'node:https';
import {
  API_BASE,
  type ApiBody,
  type ApiReply,
  apiRoutes,
  fromWireError,
  GuruError,
  WireError,
} from '@guruconnect/shared';
import * as z from 'zod/mini';

const MAX_REPLY_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;
const ErrorBody = z.union([z.object({ error: WireError }), WireError]);

/** The agent's part of the HTTP API. */
export interface ApiClient {
  /** Rejects with the server's GuruError, or `unavailable` when it cannot be reached. */
  post<N extends 'exchangeCode' | 'exchangeKnock'>(
    name: N,
    body: ApiBody<N>,
    signal: AbortSignal,
  ): Promise<ApiReply<N>>;
}

/** `ca`: PEM of all certificate authorities to trust, which `fetch` cannot be given. */
export function createApiClient(deps: { origin: string; ca?: readonly string[] }): ApiClient {
  return {
    post: async (name, body, signal) => {
      const route = apiRoutes[name];
      const url = new URL(API_BASE + route.path, deps.origin);
      const answer = await send(url, JSON.stringify(body), { ca: deps.ca, signal });
      if (answer.status >= 400) throw errorOf(answer);
      const reply = z.safeParse(route.reply, parseJson(answer.text));
      if (!reply.success)
        throw new GuruError('unavailable', 'The server gave an answer that makes no sense.');
      return reply.data as ApiReply<typeof name>;
    },
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function send(
  url: URL,
  body: string,
  { ca, signal }: { ca: readonly string[] | undefined; signal: AbortSignal },
): Promise<Answer> {
  const transport = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const unreachable = (error: Error) =>
      reject(
        new GuruError('unavailable', `The server cannot be reached: ${error.message}`, { cause: error }),
      );
    const request = transport.request(
      url,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        timeout: TIMEOUT_MS,
        signal,
        ...(ca === undefined ? {} : { ca: [...ca] }),
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
