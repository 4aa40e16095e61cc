import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { iceServersFor } from './ice-servers.ts';

const STUN = { urls: 'stun:stun.example:3478' };
const TURN = { urls: 'turn:turn.example:3478?transport=udp' };
const FIXED = { urls: 'turns:turn.example:5349', username: 'fixed', credential: 'word' };

it('gives TURN servers without a user a credential that ends', () => {
  const servers = iceServersFor(
    { iceServers: [STUN, TURN, FIXED], turnSecret: 'shared' },
    'peer-1',
    1_700_000_000_500,
  );
  const username = `${1_700_000_000 + 12 * 60 * 60}:peer-1`;
  const credential = createHmac('sha1', 'shared').update(username).digest('base64');
  expect(servers).toEqual([STUN, { ...TURN, username, credential }, FIXED]);
});

it('gives the servers as they are when there is no secret', () => {
  expect(iceServersFor({ iceServers: [STUN, TURN] }, 'peer-1', 0)).toEqual([STUN, TURN]);
});
