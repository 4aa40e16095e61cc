import { API_BASE, type ApiBody, type ApiReply, apiRoutes } from '@guruconnect/shared';
import type { WayOut } from '../proxy/way-out.ts';
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

export function createApiClient({ origin, ...way }: { origin: string } & WayOut): ApiClient {
  return {
    post: async (name, body, signal) => {
      const route = apiRoutes[name];
      const url = new URL(API_BASE + route.path, origin);
      const reply = await postJson(url, JSON.stringify(body), route.reply, { ...way, signal });
      return reply as ApiReply<typeof name>;
    },
  };
}
