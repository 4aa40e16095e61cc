import { createPublicKey, verify } from 'node:crypto';
import { machineCommandText, type SignedMachineCommand } from '@guruconnect/shared';

export interface CommandCheck {
  readonly machineId: string;
  /** P-256 key that signs grants and commands, SPKI in base64url. */
  readonly serverPublicKey: string;
  /** Epoch ms of the server: this machine's clock may be hours off. */
  readonly serverTimeMs: number;
}

/** Why a command is not to be carried out, as one sentence; undefined when it is good. */
export function refusalOfCommand(command: SignedMachineCommand, check: CommandCheck): string | undefined {
  const { machineId, serverPublicKey, serverTimeMs } = check;
  const isSigned = verify(
    'sha256',
    Buffer.from(machineCommandText(machineId, command)),
    {
      key: createPublicKey({ key: Buffer.from(serverPublicKey, 'base64url'), format: 'der', type: 'spki' }),
      dsaEncoding: 'ieee-p1363',
    },
    Buffer.from(command.signature, 'base64url'),
  );
  if (!isSigned) return 'The command is not signed by the server that this machine belongs to.';
  if (command.expiresAt <= serverTimeMs) return 'The command came too late.';
  return undefined;
}
