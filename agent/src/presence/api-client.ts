import { API_BASE, type ApiBody, type ApiReply, apiRoutes } from '@guruconnect/shared';
import { postJson } from './http-post.ts';

/** The agent's part of the HTTP API that needs no signature. */
export interface ApiClient {
  /** Rejects with the server's GuruError, or `unavailable` when it cannot be reached. */
  post<N extends 'exchangeCode' | 'exchangeKnock' | 'enrolMachine'>(
    name: N,
    body: ApiBody<N>,
    signal: AbortSignal,
  ): Promise<ApiReply<N>>;
}

/** `ca`: PEM of all certificate authorities to trust. */
export function createApiClient(deps: { origin: string; ca?: readonly string[] }): ApiClient {
  return {
    post: async (name, body, signal) => {
      const route = apiRoutes[name];
      const url = new URL(API_BASE + route.path, deps.origin);
      const reply = await postJson(url, JSON.stringify(body), route.reply, { ca: deps.ca, signal });
      return reply as ApiReply<typeof name>;
    },
  };
}
