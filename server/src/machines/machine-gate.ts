import { createHash } from 'node:crypto';
import {
  GuruError,
  Id,
  MACHINE_HEADERS,
  MACHINE_REQUEST_SKEW_MS,
  machineRequestText,
} from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { Clock } from '../core/clock.ts';
import type { MachineGate, MachineSummary, SignedRequest } from '../core/machine-ports.ts';
import { isSignedBy } from './machine-signature.ts';
import type { MachineStore } from './machine-store.ts';
import type { Refusals } from './refusals.ts';

const Headers = z.object({
  machineId: Id,
  timeMs: z.coerce.number().check(z.int(), z.gte(0), z.lte(Number.MAX_SAFE_INTEGER)),
  signature: z.string().check(z.regex(/^[A-Za-z0-9_-]{86}$/)),
});

export interface FullMachineGate extends MachineGate {
  /** As `verify`, and stores the time, so that the request is good once. */
  authenticate(request: SignedRequest): Promise<MachineSummary>;
  /** The answer to a request that was sent before; writes it down. */
  replayed(machineId: string, address: string): GuruError;
}

/** Lets in what enrolled machines signed. */
export function createMachineGate(deps: {
  store: MachineStore;
  clock: Clock;
  refusals: Refusals;
}): FullMachineGate {
  const { store, clock, refusals } = deps;

  const refuse = (request: SignedRequest, reason: string, machineId?: string) => {
    const claimed = request.header(MACHINE_HEADERS.machine)?.slice(0, 100);
    refusals.note({
      action: 'machine-request.refused',
      address: request.address,
      machineId,
      details: { path: request.path, reason, ...(machineId === undefined ? { claimed } : {}) },
    });
  };
  /** One answer for whatever is wrong with it; an agent whose clock is off sets it right with this. */
  const unauthenticated = () =>
    new GuruError('unauthenticated', 'This request is not signed by a machine, or is too old.', {
      details: { serverTime: clock.now() },
    });

  const verify: MachineGate['verify'] = async (request) => {
    const headers = z.safeParse(Headers, {
      machineId: request.header(MACHINE_HEADERS.machine)?.toLowerCase(),
      timeMs: request.header(MACHINE_HEADERS.time),
      signature: request.header(MACHINE_HEADERS.signature),
    });
    // Nobody signed anything: no attack, and nothing to write down.
    if (!headers.success) throw unauthenticated();
    const { machineId, timeMs, signature } = headers.data;
    const machine = await store.signer(machineId);
    const text = machineRequestText({
      method: request.method,
      path: request.path,
      machineId,
      timeMs,
      bodySha256Hex: createHash('sha256').update(request.body).digest('hex'),
    });
    if (!machine || !isSignedBy(machine.publicKey, text, signature)) {
      refuse(request, 'The signature is not good.');
      throw unauthenticated();
    }
    if (Math.abs(timeMs - clock.now()) > MACHINE_REQUEST_SKEW_MS) {
      refuse(request, `Its time is off by ${Math.round((timeMs - clock.now()) / 1000)} s.`, machineId);
      throw unauthenticated();
    }
    if (machine.isRemoved) {
      refuse(request, 'The machine is removed.', machineId);
      throw new GuruError('not-allowed', 'This machine was removed from the deployment.');
    }
    return { ...machine, requestMs: timeMs };
  };

  const replayed = (machineId: string, address: string) => {
    refusals.note({
      action: 'machine-request.refused',
      address,
      machineId,
      details: { reason: 'It was sent before, or a newer one was first.' },
    });
    return unauthenticated();
  };

  const once: MachineGate['once'] = async ({ machineId, requestMs }, address) => {
    if (!(await store.storeTime(machineId, requestMs))) throw replayed(machineId, address);
  };

  return {
    verify,
    replayed,
    once,
    authenticate: async (request) => {
      const machine = await verify(request);
      await once(machine, request.address);
      return machine;
    },
    refused: ({ path, address, machineId, isProven, reason }) =>
      refusals.note({
        action: 'machine-request.refused',
        address,
        machineId: isProven ? machineId : undefined,
        details: { path, reason, ...(isProven ? {} : { claimed: machineId?.slice(0, 100) }) },
      }),
  };
}
