import * as z from 'zod/mini';
import { Id, OpaqueToken, Timestamp } from '../ids.ts';
import { Inventory, InventoryHash, MachineStatus, OsFamily } from '../machines/inventory.ts';
import { MachineCommandResult, SignedMachineCommand } from '../machines/machine-command.ts';
import { MachineLabels, Reconfiguration } from '../machines/machine-labels.ts';
import { IceServer, RawPublicKey } from '../rtc/signal.ts';
import type { ApiRoute } from './api-route.ts';

/** ECDSA P-256 in IEEE P1363 form, 64 bytes in base64url. */
const Signature = z.string().check(z.regex(/^[A-Za-z0-9_-]{86}$/));

/** How often an agent checks in unless the server says something else, in seconds. */
export const DEFAULT_CHECK_IN_SECONDS = 15 * 60;

/** What always-on agents ask over HTTP; their line for calls is the `/presence` namespace. */
export const enrolmentRoutes = {
  /**
   * Makes this computer a machine of the deployment. Asking again with the same key gives the same machine. Wrong,
   * expired, used-up and revoked tokens get one answer: `not-allowed`.
   */
  enrolMachine: {
    method: 'POST',
    path: '/agent/enrol',
    summary: 'Enrol a machine with an installer’s token and a key made on it',
    tag: 'Machine agents',
    auth: 'none',
    permission: null,
    body: z.object({
      token: OpaqueToken,
      publicKey: RawPublicKey,
      /** SHA-256 in hex of what names this computer's hardware; empty when nothing does. */
      hardwareId: z.string().check(z.regex(/^([0-9a-f]{64})?$/)),
      /** Over `enrolmentText`. */
      signature: Signature,
      hostname: z.string().check(z.minLength(1), z.maxLength(200)),
      osFamily: OsFamily,
      agentVersion: z.string().check(z.maxLength(40)),
    }),
    reply: z.object({
      machineId: Id,
      companyName: z.string(),
      /** P-256 key that signs grants, SPKI in base64url. */
      serverPublicKey: z.string(),
      checkInSeconds: z.int(),
      labels: MachineLabels,
    }),
  },
  /** Signed by the machine, see `machineRequestText`. */
  checkIn: {
    method: 'POST',
    path: '/agent/check-in',
    summary: 'Report how a machine is, and learn what is wanted of it',
    tag: 'Machine agents',
    auth: 'machine',
    permission: null,
    body: z.object({
      agentVersion: z.string().check(z.maxLength(40)),
      status: MachineStatus,
      inventoryHash: InventoryHash,
      /** Sent when it changed, or when the reply to the last one wanted it. */
      inventory: z.optional(Inventory),
      /** Sent until an answer came. */
      reconfigure: z.optional(Reconfiguration),
      /** What became of commands, sent until an answer came. */
      commandResults: z.optional(z.array(MachineCommandResult).check(z.maxLength(20))),
    }),
    reply: z.object({
      serverTime: Timestamp,
      checkInSeconds: z.int(),
      wantsInventory: z.boolean(),
      companyName: z.string(),
      serverPublicKey: z.string(),
      labels: MachineLabels,
      /** Magic packets to send now into the agent's own networks (U8). */
      wake: z.array(z.object({ macs: z.array(z.string()) })),
      /** To carry out now, each once (U6, U7). */
      commands: z.array(SignedMachineCommand),
    }),
  },
  /**
   * What sessions of this machine would go through, for its connection doctor. Credentials of TURN servers are good for
   * minutes. Signed by the machine as `checkIn`; no line is needed, and none is disturbed.
   */
  nameWays: {
    method: 'POST',
    path: '/agent/ways',
    summary: 'Name the STUN and TURN servers and the relays of a machine’s sessions, so that it can try them',
    tag: 'Machine agents',
    auth: 'machine',
    permission: null,
    body: z.object({}),
    reply: z.object({
      iceServers: z.array(IceServer),
      /** In the form of `resolveRelayUrl`; none: sessions without a direct way or TURN do not come about. */
      relayUrls: z.array(z.string()),
    }),
  },
} as const satisfies Record<string, ApiRoute>;
