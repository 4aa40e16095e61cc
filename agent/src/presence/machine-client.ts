import { createHash } from 'node:crypto';
import {
  API_BASE,
  type ApiBody,
  type ApiReply,
  enrolmentRoutes,
  GuruError,
  MACHINE_HEADERS,
  machineRequestText,
  Timestamp,
} from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { Clock } from '../core/clock.ts';
import type { WayOut } from '../proxy/way-out.ts';
import type { IdentityKey } from '../secure/identity-key.ts';
import { postJson } from './http-post.ts';

export interface MachineClientDeps extends WayOut {
  readonly origin: string;
  readonly machineId: string;
  readonly key: IdentityKey;
  readonly clock: Pick<Clock, 'now'>;
}

/** Requests that machines sign. */
type MachineRequest = 'checkIn' | 'nameWays';

const WrongTime = z.object({ serverTime: Timestamp });

/** Requests that an enrolled machine signs. A clock that is wrong here is put right by what the server says. */
export class MachineClient {
  readonly #deps: MachineClientDeps;
  /** The server's clock less ours. */
  #offsetMs = 0;
  /** The server takes no time twice. */
  #lastTimeMs = 0;

  constructor(deps: MachineClientDeps) {
    this.#deps = deps;
  }

  /** Rejects with the server's GuruError, or `unavailable` when it cannot be reached. */
  async ask<N extends MachineRequest>(name: N, body: ApiBody<N>, signal: AbortSignal): Promise<ApiReply<N>> {
    const text = JSON.stringify(body);
    try {
      return await this.#post(name, text, signal);
    } catch (error) {
      const serverTime = serverTimeOf(error);
      if (serverTime === undefined) throw error;
      this.#offsetMs = serverTime - this.#deps.clock.now();
      this.#lastTimeMs = 0;
      return await this.#post(name, text, signal);
    }
  }

  checkIn(body: ApiBody<'checkIn'>, signal: AbortSignal): Promise<ApiReply<'checkIn'>> {
    return this.ask('checkIn', body, signal);
  }

  async #post<N extends MachineRequest>(name: N, body: string, signal: AbortSignal): Promise<ApiReply<N>> {
    const { origin, ca, proxies, machineId, key, clock } = this.#deps;
    const { method, path, reply } = enrolmentRoutes[name];
    const url = new URL(API_BASE + path, origin);
    const timeMs = Math.max(Math.round(clock.now() + this.#offsetMs), this.#lastTimeMs + 1);
    this.#lastTimeMs = timeMs;
    const bodySha256Hex = createHash('sha256').update(body).digest('hex');
    const signed = machineRequestText({ method, path: url.pathname, machineId, timeMs, bodySha256Hex });
    const headers = {
      [MACHINE_HEADERS.machine]: machineId,
      [MACHINE_HEADERS.time]: String(timeMs),
      [MACHINE_HEADERS.signature]: key.sign(Buffer.from(signed)),
    };
    return (await postJson(url, body, reply, { ca, proxies, headers, signal })) as ApiReply<N>;
  }
}

function serverTimeOf(error: unknown): number | undefined {
  if (!(error instanceof GuruError) || error.code !== 'unauthenticated') return undefined;
  const parsed = z.safeParse(WrongTime, error.details);
  return parsed.success ? parsed.data.serverTime : undefined;
}
