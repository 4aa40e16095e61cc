import { Id, MachineLabels } from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { StateFolder } from './state-folder.ts';

/** What the server said this computer is. */
export const Enrolment = z.object({
  machineId: Id,
  /** P-256 key that signs grants, SPKI in base64url. */
  serverPublicKey: z.string(),
  companyName: z.string(),
  checkInSeconds: z.int(),
  labels: MachineLabels,
});
export type Enrolment = z.infer<typeof Enrolment>;

const Key = {
  /** P-256, PKCS#8 in base64url. Made here, never sent. */
  privateKey: z.string(),
  /** Scheme, host and port of the server. */
  origin: z.string(),
  /** The hardware that it was made on, see `hardwareId`; empty when nothing names it. */
  hardwareId: z.string(),
};

/** A key that the server has not taken yet. */
export const NewKey = z.object(Key);
export type NewKey = z.infer<typeof NewKey>;

/** Who this computer is to its server. */
export const MachineIdentity = z.object({
  ...Key,
  /** PEM of an authority to trust besides the usual ones; null for none. */
  ca: z.nullable(z.string()),
  enrolment: Enrolment,
});
export type MachineIdentity = z.infer<typeof MachineIdentity>;

const FILE = 'identity.json';
const NEW_KEY_FILE = 'new-key.json';

/** Keeps the identity. Nothing else does: when the file is lost, the computer is a new machine. */
export class IdentityStore {
  readonly #folder: StateFolder;

  constructor(folder: StateFolder) {
    this.#folder = folder;
  }

  /** undefined while this computer is not enrolled. */
  load(): Promise<MachineIdentity | undefined> {
    return this.#folder.read(FILE, MachineIdentity);
  }

  /** A key that is being enrolled; the identity of before stays until the server has taken it. */
  loadNewKey(): Promise<NewKey | undefined> {
    return this.#folder.read(NEW_KEY_FILE, NewKey);
  }

  saveNewKey(key: NewKey): Promise<void> {
    return this.#folder.write(NEW_KEY_FILE, key);
  }

  async save(identity: MachineIdentity): Promise<void> {
    await this.#folder.write(FILE, identity);
    await this.#folder.remove(NEW_KEY_FILE);
  }
}
