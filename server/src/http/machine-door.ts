import { GuruError, MACHINE_HEADERS } from '@guruconnect/shared';
import { type Request, type RequestHandler, type Response, raw } from 'express';
import type { MachineGate, SignedMachine } from '../core/machine-ports.ts';

/** What stands before routes that machines call: they sign the bytes of the body, so these are read as they are. */
export interface MachineDoor {
  /** Read the body, check the signature, parse the body. */
  readonly guards: readonly RequestHandler[];
  /** The machine that the guards let in. */
  machineOf(response: Response): SignedMachine | undefined;
  /** Runs `read`; when it throws at what a machine sent, that is written down. */
  noting<T>(request: Request, machine: SignedMachine | undefined, read: () => T): T;
}

export function createMachineDoor(deps: {
  gate: MachineGate;
  addressOf: (request: Request) => string;
  bodyLimit: string;
}): MachineDoor {
  const { gate, addressOf } = deps;
  const machines = new WeakMap<Response, SignedMachine>();
  // Inflating first would make other bytes of those that were signed.
  const readBytes = raw({ limit: deps.bodyLimit, type: () => true, inflate: false });

  const noting = <T>(request: Request, machine: SignedMachine | undefined, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (machine) refused(request, machine, error);
      throw error;
    }
  };
  const refused = (request: Request, machine: SignedMachine | undefined, error: unknown) =>
    gate.refused({
      path: request.path,
      address: addressOf(request),
      machineId: machine?.machineId ?? request.get(MACHINE_HEADERS.machine),
      isProven: machine !== undefined,
      reason: error instanceof Error ? error.message : 'The request could not be read.',
    });

  return {
    guards: [
      (request, response, next) =>
        readBytes(request, response, (error?: unknown) => {
          if (error !== undefined) refused(request, undefined, error);
          next(error);
        }),
      async (request, response, next) => {
        response.set('Cache-Control', 'no-store');
        const bytes: unknown = request.body;
        const body = Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
        const machine = await gate.verify({
          method: request.method,
          path: request.path,
          header: (name) => request.get(name),
          body,
          address: addressOf(request),
        });
        machines.set(response, machine);
        request.body = noting(request, machine, () => parseJson(body));
        next();
      },
    ],
    machineOf: (response) => machines.get(response),
    noting,
  };
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw GuruError.invalid('The body of the request is not JSON.', error);
  }
}
