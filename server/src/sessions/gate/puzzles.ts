import { createHmac, timingSafeEqual } from 'node:crypto';
import { isSolved, type PowChallenge, type PowSolution } from '@guruconnect/shared';
import type { Clock } from '../../core/clock.ts';
import { newToken } from '../../core/secrets.ts';

const LIFETIME_MS = 2 * 60_000;

/**
 * Makes and checks proof-of-work puzzles. A challenge is `expiry.bits.nonce.mac` and carries its own proof that
 * this server made it, so nothing is kept until one is solved; solved ones are remembered until they expire,
 * so that each pays for one try only.
 */
export class Puzzles {
  readonly #clock: Clock;
  readonly #key: () => Promise<Buffer>;
  readonly #purpose: string;
  /** Nonces of solved puzzles with the time they expire at, oldest first. */
  readonly #used = new Map<string, number>();

  /** A solution made for one `purpose` is worth nothing for another. */
  constructor(deps: { clock: Clock; key: () => Promise<Buffer>; purpose: string }) {
    this.#clock = deps.clock;
    this.#key = deps.key;
    this.#purpose = deps.purpose;
  }

  async make(bits: number): Promise<PowChallenge> {
    const expiresAt = (this.#clock.now() + LIFETIME_MS).toString(36);
    const head = `${expiresAt}.${bits.toString(36)}.${newToken()}`;
    return { challenge: `${head}.${await this.#mac(head)}`, bits };
  }

  /** Whether the puzzle is ours, fresh, unused and solved; it is used up then. */
  async spend(proof: PowSolution): Promise<boolean> {
    const [expiresAt, bits, nonce, mac] = proof.challenge.split('.');
    if (!expiresAt || !bits || !nonce || !mac) return false;
    const expected = Buffer.from(await this.#mac(`${expiresAt}.${bits}.${nonce}`));
    const given = Buffer.from(mac);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
    const now = this.#clock.now();
    const expiry = Number.parseInt(expiresAt, 36);
    if (expiry <= now || this.#used.has(nonce)) return false;
    if (!isSolved(proof.challenge, proof.solution, Number.parseInt(bits, 36))) return false;
    this.#forgetExpired(now);
    this.#used.set(nonce, expiry);
    return true;
  }

  async #mac(head: string): Promise<string> {
    return createHmac('sha256', await this.#key())
      .update(`${this.#purpose}\n${head}`)
      .digest('base64url');
  }

  #forgetExpired(now: number): void {
    for (const [nonce, expiry] of this.#used) {
      if (expiry > now) break;
      this.#used.delete(nonce);
    }
  }
}
