// @ts-check

/** Where a PE32+ program's header says where its signature is (data directory 4). */
const SECURITY_ENTRY = 24 + 112 + 4 * 8;

/**
 * Removes the signature of a 64-bit Windows program: one that no longer fits the bytes would look like tampering,
 * which is worse than none.
 *
 * @param {Buffer} program It stays as it is.
 */
export function dropSignature(program) {
  const header = program.readUInt32LE(0x3c);
  if (
    program.toString('latin1', header, header + 4) !== 'PE\0\0' ||
    program.readUInt16LE(header + 24) !== 0x20b
  ) {
    throw new Error('this is no 64-bit Windows program');
  }
  const entry = header + SECURITY_ENTRY;
  const signatureAt = program.readUInt32LE(entry);
  if (signatureAt === 0) return program;
  const bare = Buffer.from(program.subarray(0, signatureAt));
  bare.writeBigUInt64LE(0n, entry);
  return bare;
}
