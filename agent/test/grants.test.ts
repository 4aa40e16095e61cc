import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { GrantVerifier } from '../src/session/grant-verifier.ts';
import { Lease } from '../src/session/lease.ts';
import { FakeClock } from './support/fake-clock.ts';
import { GrantSigner } from './support/grants.ts';

const MINUTE = 60_000;
const peerId = randomUUID();
const participantId = randomUUID();
let clock: FakeClock;
let signer: GrantSigner;
let verifier: GrantVerifier;
let lease: Lease;

beforeEach(() => {
  clock = new FakeClock();
  signer = new GrantSigner();
  verifier = new GrantVerifier({ serverPublicKey: signer.publicKey, sessionId: signer.sessionId, clock });
  lease = new Lease({ verifier, clock, peerId, participantId });
});

const claims = () => signer.claims(peerId, participantId, ['view', 'control'], clock.now());

describe('a lease', () => {
  it('allows nothing before a grant and then what the grant says', () => {
    expect(lease.allows('view')).toBe(false);
    expect(lease.take(signer.grant(peerId, participantId, ['view'], clock.now()))).toBeUndefined();
    expect(lease.allows('view')).toBe(true);
    expect(lease.allows('control')).toBe(false);
  });

  it('refuses a grant that somebody else signed', () => {
    const other = new GrantSigner();
    const forged = other.sign({ ...claims(), sessionId: signer.sessionId });
    expect(lease.take(forged)).toBe('the signature is wrong');
  });

  it('refuses a grant whose claims were altered', () => {
    const grant = signer.sign({ ...claims(), capabilities: ['view'] });
    const altered = JSON.parse(Buffer.from(grant.payload, 'base64url').toString()) as object;
    const payload = Buffer.from(JSON.stringify({ ...altered, capabilities: ['view', 'control'] }));
    expect(lease.take({ ...grant, payload: payload.toString('base64url') })).toBe('the signature is wrong');
    expect(lease.allows('view')).toBe(false);
  });

  it.each([
    ['it is for another session', { sessionId: randomUUID() }],
    ['it is for another peer', { peerId: randomUUID() }],
    ['it is for another participant', { participantId: randomUUID() }],
  ])('refuses a grant when %s', (reason, change) => {
    expect(lease.take(signer.sign({ ...claims(), ...change }))).toBe(reason);
  });

  it('refuses signed nonsense', () => {
    const grant = signer.sign({ ...claims(), v: 2 } as never);
    expect(lease.take(grant)).toBe('the claims are malformed');
  });

  it('refuses a grant that is over, by the time that an earlier grant showed', () => {
    const early = signer.sign({ ...claims(), expiresAt: clock.now() + MINUTE });
    lease.take(signer.grant(peerId, participantId, ['view'], clock.now()));
    clock.advance(2 * MINUTE);
    expect(lease.take(signer.sign({ ...claims(), expiresAt: clock.now() - 1 }))).toBe('it has expired');
    expect(new Lease({ verifier, clock, peerId, participantId }).take(early)).toBe('it has expired');
  });

  it('refuses an older grant played back and keeps the newer one', () => {
    const wide = signer.sign(claims());
    const narrow = signer.grant(peerId, participantId, ['view'], clock.now());
    expect(lease.take(wide)).toBeUndefined();
    expect(lease.take(narrow)).toBeUndefined();
    expect(lease.take(wide)).toBe('it is older than the one held');
    expect(lease.allows('control')).toBe(false);
  });

  it('takes the grant that it holds once more without a word', () => {
    const grant = signer.sign(claims());
    lease.take(grant);
    clock.advance(MINUTE);
    expect(lease.take(grant)).toBeUndefined();
    expect(lease.remainingMs()).toBe(14 * MINUTE);
  });

  it('ends by itself and never lasts more than a quarter of an hour', () => {
    lease.take(signer.sign({ ...claims(), expiresAt: clock.now() + 24 * 60 * MINUTE }));
    clock.advance(15 * MINUTE - 1);
    expect(lease.allows('control')).toBe(true);
    clock.advance(1);
    expect(lease.allows('control')).toBe(false);
    expect(lease.capabilities).toEqual([]);
  });

  it('is not made longer by setting the clock back, and ends while the machine sleeps', () => {
    lease.take(signer.sign(claims()));
    clock.shiftWall(-60 * MINUTE);
    clock.advance(15 * MINUTE);
    expect(lease.allows('view')).toBe(false);

    const serverNow = verifier.serverTimeMs() ?? 0;
    expect(lease.take(signer.grant(peerId, participantId, ['view'], serverNow))).toBeUndefined();
    expect(lease.allows('view')).toBe(true);
    clock.shiftWall(15 * MINUTE); // asleep: the monotonic clock stood still
    expect(lease.allows('view')).toBe(false);
  });

  it('works on a machine whose clock is a day off', () => {
    const serverNow = clock.now() - 24 * 60 * MINUTE;
    expect(lease.take(signer.grant(peerId, participantId, ['view'], serverNow))).toBeUndefined();
    clock.advance(14 * MINUTE);
    expect(lease.allows('view')).toBe(true);
    expect(verifier.serverTimeMs()).toBe(serverNow + 14 * MINUTE);
  });
});
