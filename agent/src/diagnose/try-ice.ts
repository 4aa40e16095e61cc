import { randomBytes } from 'node:crypto';
import type { StunLine } from './stun-line.ts';
import {
  ATTRIBUTE,
  errorCodeOf,
  isGenuine,
  longTermKey,
  METHOD,
  type StunAnswer,
  type StunAttribute,
  stunRequest,
  xorAddressOf,
} from './stun-message.ts';

const UNAUTHENTICATED = 401;
const STALE_NONCE = 438;
/** "UDP", as IP numbers protocols: what TURN relays. */
const UDP = Buffer.from([17, 0, 0, 0]);

const REFUSALS: Readonly<Record<number, string>> = {
  300: 'it wants another server to be asked',
  401: 'it does not take the credentials; the secret of the server and of TURN may differ, or a clock is wrong',
  403: 'it forbids this',
  441: 'it does not take the credentials',
  486: 'it has given out as many places as it may',
  508: 'it has no place left',
};

/** How this computer looks from outside, in words. Rejects when the server says nothing of the kind. */
export async function tryStun(line: StunLine): Promise<string> {
  const answer = await line.ask(stunRequest(METHOD.binding, randomBytes(12), []));
  expectSuccess(answer, METHOD.binding);
  const address = xorAddressOf(answer, ATTRIBUTE.mappedAddress);
  if (address === undefined) throw new Error('its answer names no address');
  return address;
}

/** Gets a place at a TURN server and gives it back; resolves with its address. Rejects with what is wrong. */
export async function tryTurn(
  line: StunLine,
  { username, credential }: { username: string; credential: string },
): Promise<string> {
  const wanted: StunAttribute[] = [[ATTRIBUTE.requestedTransport, UDP]];
  const challenge = await line.ask(stunRequest(METHOD.allocate, randomBytes(12), wanted));
  if (challenge.method !== METHOD.allocate || errorCodeOf(challenge) !== UNAUTHENTICATED) {
    if (challenge.kind === 'success') throw new Error('it lets in anybody, without credentials');
    expectSuccess(challenge, METHOD.allocate);
  }
  const realm = challenge.attributes.get(ATTRIBUTE.realm);
  const nonce = challenge.attributes.get(ATTRIBUTE.nonce);
  if (realm === undefined || nonce === undefined) throw new Error('it asks for credentials in no known way');
  const member = { line, username, realm, key: longTermKey(username, realm.toString('utf8'), credential) };
  const { answer: place, nonce: newest } = await askAsMember(member, METHOD.allocate, wanted, nonce);
  const address = xorAddressOf(place, ATTRIBUTE.relayedAddress);
  const none: StunAttribute[] = [[ATTRIBUTE.lifetime, Buffer.alloc(4)]];
  await askAsMember(member, METHOD.refresh, none, newest);
  if (address === undefined) throw new Error('its answer names no address');
  return address;
}

interface Member {
  readonly line: StunLine;
  readonly username: string;
  readonly realm: Buffer;
  readonly key: Buffer;
}

/** Resolves with a success that is proved to be the server's, and the nonce that was good. */
async function askAsMember(
  { line, username, realm, key }: Member,
  method: number,
  attributes: readonly StunAttribute[],
  nonce: Buffer,
): Promise<{ answer: StunAnswer; nonce: Buffer }> {
  const ask = (current: Buffer) => {
    const proof: StunAttribute[] = [
      [ATTRIBUTE.username, Buffer.from(username)],
      [ATTRIBUTE.realm, realm],
      [ATTRIBUTE.nonce, current],
    ];
    return line.ask(stunRequest(method, randomBytes(12), [...attributes, ...proof], key));
  };
  let current = nonce;
  let answer = await ask(current);
  if (errorCodeOf(answer) === STALE_NONCE) {
    current = answer.attributes.get(ATTRIBUTE.nonce) ?? current;
    answer = await ask(current);
  }
  expectSuccess(answer, method);
  if (!isGenuine(answer, key)) throw new Error('its answer is not signed as it should be');
  return { answer, nonce: current };
}

function expectSuccess(answer: StunAnswer, method: number): void {
  if (answer.method !== method) throw new Error('it answers something else');
  if (answer.kind === 'success') return;
  const code = errorCodeOf(answer);
  const why = code === undefined ? undefined : REFUSALS[code];
  throw new Error(`${why ?? 'it refuses'}${code === undefined ? '' : ` (${code})`}`);
}
