import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  API_BASE,
  type ApiBody,
  type ApiName,
  type ApiReply,
  apiRoutes,
  enrolmentText,
  fromWireError,
  type Inventory,
  MACHINE_HEADERS,
  type MachineStatus,
  machineRequestText,
  presenceChallengeText,
  WireError,
} from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { ApiClient } from '../../support/api-client.ts';
import { newInstaller } from '../../support/new-installer.ts';

/** The identity that an agent makes on its machine. */
export interface MachineKey {
  /** Raw P-256 key, 65 bytes in base64url. */
  readonly publicKey: string;
  /** ECDSA with SHA-256 in IEEE P1363 form, base64url. */
  sign(text: string): string;
}

export function newMachineKey(): MachineKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return { publicKey: point.toString('base64url'), sign: (text) => signText(privateKey, text) };
}

function signText(key: KeyObject, text: string): string {
  return sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
}

export interface FakeMachineOptions {
  readonly hostname?: string;
  readonly key?: MachineKey;
  readonly hardwareId?: string;
  readonly agentVersion?: string;
  readonly inventory?: Partial<Inventory>;
}

/** A request of a machine as it goes over the wire, for tests that spoil one. */
export interface SignedWire {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** An enrolled agent with a real key: checks in, and answers challenges. */
export interface FakeMachine {
  readonly machineId: string;
  readonly key: MachineKey;
  readonly enrolled: ApiReply<'enrolMachine'>;
  /** Signs a body for a route; the time rises with every call unless one is given. */
  signed(name: ApiName, body: unknown, timeMs?: number): SignedWire;
  /** Sends a request as it is. */
  send(wire: SignedWire): Promise<{ status: number; body: unknown }>;
  /** Checks in as told, with its inventory when that was never sent or is given; throws the server's GuruError. */
  checkIn(report?: Partial<ApiBody<'checkIn'>>): Promise<ApiReply<'checkIn'>>;
  /** Signs a presence challenge. */
  answer(nonce: string): string;
}

/** Enrols a computer with an installer's token; throws the server's GuruError. */
export async function enrolMachine(
  url: string,
  token: string,
  options: FakeMachineOptions = {},
): Promise<FakeMachine> {
  const key = options.key ?? newMachineKey();
  const enrolled = await enrol(url, enrolmentBody(token, key, options));
  const { machineId } = enrolled;
  let lastTimeMs = 0;

  const signed = (name: ApiName, body: unknown, timeMs?: number): SignedWire => {
    // Of agents that test clocks move as well: never twice the same.
    lastTimeMs = Math.max(Date.now(), lastTimeMs + 1);
    return signRequest(key, machineId, name, body, timeMs ?? lastTimeMs);
  };
  const send = (wire: SignedWire) => sendWire(url, wire);
  let isKnown = false;
  return {
    machineId,
    key,
    enrolled,
    signed,
    send,
    checkIn: async (report = {}) => {
      const inventory = report.inventory ?? (isKnown ? undefined : inventoryOf(options));
      const body: ApiBody<'checkIn'> = {
        agentVersion: options.agentVersion ?? '0.1.0',
        status: STATUS,
        inventoryHash: hashOf(inventory ?? inventoryOf(options)),
        ...(inventory ? { inventory } : {}),
        ...report,
      };
      const answer = await send(signed('checkIn', body));
      isKnown = true;
      return z.parse(apiRoutes.checkIn.reply, refuse(answer.body));
    },
    answer: (nonce) => key.sign(presenceChallengeText({ machineId, nonce })),
  };
}

/** Signs any body as any machine. */
export function signRequest(
  key: MachineKey,
  machineId: string,
  name: ApiName,
  body: unknown,
  timeMs: number,
): SignedWire {
  const { method, path } = apiRoutes[name];
  const text = body === undefined ? '' : JSON.stringify(body);
  const bodySha256Hex = createHash('sha256').update(text).digest('hex');
  const fullPath = API_BASE + path;
  return {
    method,
    path: fullPath,
    headers: {
      'content-type': 'application/json',
      [MACHINE_HEADERS.machine]: machineId,
      [MACHINE_HEADERS.time]: String(timeMs),
      [MACHINE_HEADERS.signature]: key.sign(
        machineRequestText({ method, path: fullPath, machineId, timeMs, bodySha256Hex }),
      ),
    },
    body: text,
  };
}

export async function sendWire(url: string, wire: SignedWire): Promise<{ status: number; body: unknown }> {
  const { method, headers, body } = wire;
  const response = await fetch(url + wire.path, { method, headers, ...(body === '' ? {} : { body }) });
  return { status: response.status, body: await response.json() };
}

/** What a computer sends to enrol, with a good signature. */
export function enrolmentBody(
  token: string,
  key: MachineKey,
  options: FakeMachineOptions = {},
): ApiBody<'enrolMachine'> {
  const { publicKey } = key;
  const hardwareId = options.hardwareId ?? '';
  return {
    token,
    publicKey,
    hardwareId,
    signature: key.sign(enrolmentText({ token, publicKey, hardwareId })),
    hostname: options.hostname ?? 'PC-1',
    osFamily: 'linux',
    agentVersion: options.agentVersion ?? '0.1.0',
  };
}

async function enrol(url: string, body: ApiBody<'enrolMachine'>): Promise<ApiReply<'enrolMachine'>> {
  const { method, path } = apiRoutes.enrolMachine;
  const response = await fetch(url + API_BASE + path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return z.parse(apiRoutes.enrolMachine.reply, refuse(await response.json()));
}

function refuse(body: unknown): unknown {
  const refusal = z.safeParse(z.object({ error: WireError }), body);
  if (refusal.success) throw fromWireError(refusal.data.error);
  return body;
}

/** A company, and the token of an installer of it that never expires. */
export async function makeInstaller(
  admin: Pick<ApiClient, 'call'>,
  options: { company?: string } & Partial<ApiBody<'createInstaller'>> = {},
): Promise<{ companyId: string; installerId: string; token: string }> {
  const { company = 'Glazier & Sons', companyId: known, ...given } = options;
  const { companies } = await admin.call('listCompanies');
  const companyId =
    known ??
    companies.find((one) => one.name === company)?.companyId ??
    (await admin.call('createCompany', { body: { name: company } })).companyId;
  const { installer, token } = await admin.call('createInstaller', {
    body: newInstaller(companyId, given),
  });
  return { companyId, installerId: installer.installerId, token };
}

export const STATUS: MachineStatus = {
  user: 'jsmith',
  idleMs: 1_000,
  memoryFreeBytes: 2_000_000_000,
  diskFreeBytes: { '/': 10_000_000_000 },
};

/** What the computer of these options is. */
export function inventoryOf({
  hostname = 'PC-1',
  agentVersion = '0.1.0',
  inventory = {},
}: FakeMachineOptions) {
  return {
    hostname,
    description: 'A desk under the window',
    os: {
      family: 'linux' as const,
      name: 'Debian GNU/Linux 12',
      version: '12',
      build: '6.1.0-13-amd64',
      installedAt: Date.UTC(2025, 0),
    },
    processor: { model: 'Fast One', cores: 8 },
    memoryBytes: 16_000_000_000,
    disks: [{ name: '/', sizeBytes: 500_000_000_000 }],
    manufacturer: 'Dell Inc.',
    model: 'OptiPlex',
    serial: 'SN-1',
    serviceTag: 'TAG-1',
    networks: [
      {
        name: 'eth0',
        mac: '02:00:00:00:00:01',
        addresses: [
          { address: '192.168.7.20', prefixLength: 24 },
          { address: 'fe80::1', prefixLength: 64 },
        ],
      },
    ],
    bootedAt: Date.UTC(2026, 0),
    agentVersion,
    ...inventory,
  } satisfies Inventory;
}

export function hashOf(inventory: Inventory): string {
  return createHash('sha256').update(JSON.stringify(inventory)).digest('hex');
}
