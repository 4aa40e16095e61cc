import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { enrolmentText, machineRequestText, presenceChallengeText } from '@guruconnect/shared';

/** A machine's key pair, as its agent holds it. */
export interface MachineKeyPair {
  /** Raw, 65 bytes in base64url. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** What an agent needs to prove that it is the machine. */
export interface MachineIdentity extends MachineKeyPair {
  readonly machineId: string;
}

export function makeKeyPair(): MachineKeyPair {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const bytes = [Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  return { privateKey, publicKey: Buffer.concat(bytes).toString('base64url') };
}

/** An identity that no server knows. */
export function makeStranger(): MachineIdentity {
  return { ...makeKeyPair(), machineId: randomUUID() };
}

export function signText(privateKey: KeyObject, text: string): string {
  return sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(
    'base64url',
  );
}

export function signChallenge({ machineId, privateKey }: MachineIdentity, nonce: string): string {
  return signText(privateKey, presenceChallengeText({ machineId, nonce }));
}

export function signEnrolment(pair: MachineKeyPair, token: string, hardwareId: string): string {
  return signText(pair.privateKey, enrolmentText({ token, publicKey: pair.publicKey, hardwareId }));
}

export function signRequest(
  { machineId, privateKey }: MachineIdentity,
  request: { method: string; path: string; timeMs: number; bodySha256Hex: string },
): string {
  return signText(privateKey, machineRequestText({ ...request, machineId }));
}
