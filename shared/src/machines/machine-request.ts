/**
 * What machines sign with their P-256 key (ECDSA, SHA-256, IEEE P1363, base64url). UTF-8 text with line feeds, so that
 * a native launcher makes it as easily. Every kind begins with a name of its own: one can never pass for another.
 */
export const MACHINE_HEADERS = {
  machine: 'x-guruconnect-machine',
  time: 'x-guruconnect-time',
  signature: 'x-guruconnect-signature',
} as const;

/** A request may be older or newer than the server's clock by so much; the refusal tells the server's time. */
export const MACHINE_REQUEST_SKEW_MS = 5 * 60_000;

/**
 * Signed for each HTTP request of a machine. `timeMs` of a machine only ever rises: what was sent once is refused the
 * second time. `bodySha256Hex` is of the exact bytes of the body.
 */
export function machineRequestText(request: {
  method: string;
  path: string;
  machineId: string;
  timeMs: number;
  bodySha256Hex: string;
}): string {
  const { method, path, machineId, timeMs, bodySha256Hex } = request;
  return `guruconnect-request\n${method}\n${path}\n${machineId}\n${timeMs}\n${bodySha256Hex}`;
}

/** Signed once at enrolment: whoever brings the token also holds the key. */
export function enrolmentText(enrolment: { token: string; publicKey: string; hardwareId: string }): string {
  return `guruconnect-enrol\n${enrolment.token}\n${enrolment.publicKey}\n${enrolment.hardwareId}`;
}

/** Signed at every connect, over a nonce that the server made for this connection alone. */
export function presenceChallengeText(challenge: { machineId: string; nonce: string }): string {
  return `guruconnect-presence\n${challenge.machineId}\n${challenge.nonce}`;
}
