import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isSolved } from '@guruconnect/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiClient } from '../src/presence/api-client.ts';
import { OneTimePresence } from '../src/presence/one-time-presence.ts';
import type { SessionTicket } from '../src/presence/presence.ts';
import { TicketStore } from '../src/presence/ticket-store.ts';
import { newIdentityKey } from '../src/secure/identity-key.ts';
import { MACHINE } from './support/start-session.ts';

const GIVEN: Omit<SessionTicket, 'identityKey'> = {
  sessionId: '9c1d7e30-42aa-4b6f-8f11-5a6b7c8d9e0f',
  sessionToken: 'T'.repeat(43),
  companyName: 'Example IT',
  serverPublicKey: 'key',
};
const TICKET: SessionTicket = { ...GIVEN, identityKey: newIdentityKey() };
/** With the key that the agent made for it. */
const MADE = { ...GIVEN, identityKey: expect.stringMatching(/^[A-Za-z0-9_-]{150,}$/) };
const JOINED = { status: 'joined', ...GIVEN };
const KNOCK = { status: 'waiting', knockToken: 'K'.repeat(43), pollSeconds: 0 };
const PUZZLE = { challenge: 'c'.repeat(20), bits: 8 };

interface Asked {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

let http: Server;
let origin: string;
let dir: string;
let asked: Asked[];
let answers: ((asked: Asked) => { status: number; body: unknown })[];
let waited: string[];

beforeEach(async () => {
  asked = [];
  answers = [];
  waited = [];
  dir = await mkdtemp(path.join(tmpdir(), 'gc-state-'));
  http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) };
      asked.push(one);
      const { status, body } = answers.shift()?.(one) ?? { status: 500, body: 'nothing was prepared' };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});

afterEach(async () => {
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
  await rm(dir, { recursive: true });
});

const ok = (body: unknown) => () => ({ status: 200, body });
const fail = (status: number, error: object) => () => ({ status, body: { error } });
const store = (code = '847291') => new TicketStore({ dir: path.join(dir, 'state'), origin, code });

function presence(): OneTimePresence {
  return new OneTimePresence({
    api: createApiClient({ origin }),
    store: store(),
    machine: MACHINE,
    code: '847291',
    // The pause between two polls is not what is tested.
    clock: {
      after: (ms, task) => {
        waited.push(`${ms} ms`);
        const timer = setImmediate(task);
        return () => clearImmediate(timer);
      },
    },
    events: { onWaiting: () => waited.push('told'), onPuzzle: () => waited.push('puzzle') },
  });
}

const next = (one: OneTimePresence) => one.next(new AbortController().signal);

describe('a one-time agent', () => {
  it('exchanges its code for a ticket and keeps it for itself alone', async () => {
    answers.push(ok(JOINED));
    expect(await next(presence())).toEqual(MADE);
    expect(asked).toEqual([{ path: '/api/v1/agent/exchange', body: { code: '847291', machine: MACHINE } }]);
    const [file = ''] = await readdir(path.join(dir, 'state'));
    expect(file).not.toContain('847291');
    expect((await stat(path.join(dir, 'state', file))).mode & 0o777).toBe(0o600);
    expect((await stat(path.join(dir, 'state'))).mode & 0o777).toBe(0o700);
  });

  it('goes on with its ticket when it is started again', async () => {
    answers.push(ok(JOINED));
    const first = await next(presence());
    expect(await next(presence())).toEqual(first);
    expect(asked).toHaveLength(1);
  });

  it('gets a key of its own for a ticket that has none, and keeps that', async () => {
    await store().save(TICKET);
    const [file = ''] = await readdir(path.join(dir, 'state'));
    await writeFile(path.join(dir, 'state', file), JSON.stringify(GIVEN));
    const first = await next(presence());
    expect(first).toEqual(MADE);
    expect(await next(presence())).toEqual(first);
  });

  it('uses the code again when the server refuses its ticket', async () => {
    await store().save({ ...TICKET, sessionToken: 'X'.repeat(43) });
    answers.push(ok(JOINED));
    const one = presence();
    expect(await next(one)).toMatchObject({ sessionToken: 'X'.repeat(43) });
    await one.refused();
    expect(await next(one)).toEqual(MADE);
  });

  it('is done when the session ends before it could join it', async () => {
    answers.push(ok(JOINED));
    const one = presence();
    expect(await next(one)).toEqual(MADE);
    await one.refused();
    expect(await next(one)).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  it('uses the code when the file is damaged', async () => {
    await store().save(TICKET);
    const [file = ''] = await readdir(path.join(dir, 'state'));
    await writeFile(
      path.join(dir, 'state', file),
      (await readFile(path.join(dir, 'state', file))).subarray(0, 20),
    );
    answers.push(ok(JOINED));
    expect(await next(presence())).toEqual(MADE);
    expect(asked).toHaveLength(1);
  });

  it('keeps tickets of different codes apart and leaves nothing when its session is over', async () => {
    await store('111111').save(TICKET);
    expect(await store('222222').load()).toBeUndefined();
    answers.push(ok(JOINED));
    const one = presence();
    await next(one);
    await one.ended();
    expect(await next(one)).toBeUndefined();
    expect(await readdir(path.join(dir, 'state'))).toHaveLength(1);
    expect(await store('111111').load()).toEqual(TICKET);
  });

  it('solves the puzzle that it is given', async () => {
    const demand = { code: 'proof-of-work-required', message: 'Solve this.', details: PUZZLE };
    answers.push(fail(428, demand), ok(JOINED));
    expect(await next(presence())).toEqual(MADE);
    const proof = asked[1]?.body.proof as { challenge: string; solution: string };
    expect(proof.challenge).toBe(PUZZLE.challenge);
    expect(isSolved(PUZZLE.challenge, proof.solution, PUZZLE.bits)).toBe(true);
    expect(waited).toEqual(['puzzle']);
  });

  it('does not solve puzzles for ever', async () => {
    const demand = { code: 'proof-of-work-required', message: 'Solve this.', details: PUZZLE };
    for (let i = 0; i < 20; i += 1) answers.push(fail(428, demand));
    await expect(next(presence())).rejects.toMatchObject({ code: 'proof-of-work-required' });
    expect(asked.length).toBeLessThan(10);
  });

  it('waits for the technician to admit it, also across a restart of the server', async () => {
    answers.push(
      ok(KNOCK),
      ok(KNOCK),
      fail(503, { code: 'unavailable', message: 'Restarting.' }),
      ok(JOINED),
    );
    expect(await next(presence())).toEqual(MADE);
    expect(asked.slice(1)).toEqual(
      new Array(3).fill({ path: '/api/v1/agent/knock', body: { knockToken: KNOCK.knockToken } }),
    );
    expect(waited).toEqual(['told', '500 ms', '500 ms', '500 ms']);
  });

  it('ends when the technician refuses it', async () => {
    answers.push(ok(KNOCK), fail(403, { code: 'not-allowed', message: 'You may not join.' }));
    await expect(next(presence())).rejects.toMatchObject({ code: 'not-allowed' });
  });

  it('says what the server says about a wrong code and keeps nothing', async () => {
    answers.push(fail(404, { code: 'code-not-valid', message: 'This code is not valid.' }));
    await expect(next(presence())).rejects.toThrow('This code is not valid.');
    expect(await readdir(dir)).toEqual([]);
  });

  it('stops waiting when it is told to', async () => {
    const stopping = new AbortController();
    answers.push(ok({ ...KNOCK, pollSeconds: 3600 }));
    const one = new OneTimePresence({
      api: createApiClient({ origin }),
      store: store(),
      machine: MACHINE,
      code: '847291',
      clock: { after: () => () => {} },
      events: { onWaiting: () => stopping.abort(new Error('Stopped.')), onPuzzle: () => {} },
    });
    await expect(one.next(stopping.signal)).rejects.toThrow();
  });

  it.each([
    ['a proxy’s error page', { status: 502, body: '<html>' }, 'The server answered with status 502.'],
    [
      'nonsense',
      { status: 200, body: { status: 'joined' } },
      'The server gave an answer that makes no sense.',
    ],
  ])('tells %s from an answer', async (_what, answer, message) => {
    answers.push(() => answer);
    await expect(next(presence())).rejects.toMatchObject({ code: 'unavailable', message });
  });

  it('says so when there is no server', async () => {
    const api = createApiClient({ origin: 'http://127.0.0.1:1' });
    const body = { knockToken: KNOCK.knockToken };
    await expect(api.post('exchangeKnock', body, new AbortController().signal)).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});
