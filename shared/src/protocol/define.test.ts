import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { GuruError } from '../errors.ts';
import { createMemorySockets } from '../testing/memory-socket.ts';
import { ask, event, type Handlers, handle, request, tell } from './define.ts';

const table = {
  'thing:double': request(z.object({ n: z.int() }), z.object({ n: z.int() })),
  'thing:noted': event(z.object({ text: z.string().check(z.maxLength(5)) })),
} as const;

function join(handlers: Partial<Handlers<typeof table>> = {}) {
  const [client, server] = createMemorySockets();
  const faults: [string, unknown][] = [];
  const noted: string[] = [];
  const remove = handle(
    server,
    table,
    {
      'thing:double': ({ n }) => ({ n: n * 2 }),
      'thing:noted': ({ text }) => void noted.push(text),
      ...handlers,
    },
    (name, error) => void faults.push([name, error]),
  );
  return { client, faults, noted, remove };
}

describe('messages of a table', () => {
  it('are answered with the parsed reply', async () => {
    const { client } = join();
    expect(await ask(client, table, 'thing:double', { n: 21 })).toEqual({ n: 42 });
  });

  it('carry the code of a refusal to the asker, and its cause to the fault report only', async () => {
    const secret = new Error('a password');
    const { client, faults } = join({
      'thing:double': () => {
        throw new GuruError('conflict', 'Not now.', { cause: secret });
      },
    });
    const refused = await ask(client, table, 'thing:double', { n: 1 }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'conflict', message: 'Not now.' });
    expect(refused instanceof Error && refused.cause).toBeUndefined();
    expect(faults).toMatchObject([['thing:double', { cause: secret }]]);
  });

  it('say nothing of unknown faults but that there was one', async () => {
    const { client } = join({
      'thing:double': () => {
        throw new Error('SELECT secrets');
      },
    });
    const refused = await ask(client, table, 'thing:double', { n: 1 }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'internal', message: 'Something went wrong on the server.' });
  });

  it.each([[undefined], [null], [{}], [{ n: '1' }], [{ n: 1.5 }], [[]], ['x'], [{ n: { $gt: 0 } }]])(
    'are refused when malformed: %j',
    async (payload) => {
      const { client, faults } = join();
      const reply = await new Promise((resolve) => {
        client.timeout(1000).emit('thing:double', payload, (_error, value) => resolve(value));
      });
      expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-message' } });
      expect(faults).toHaveLength(1);
    },
  );

  it('are dropped when malformed and nobody waits for an answer', () => {
    const { client, faults, noted } = join();
    client.emit('thing:noted', { text: 'too long by far' });
    tell(client, table, 'thing:noted', { text: 'short' });
    expect(noted).toEqual(['short']);
    expect(faults).toMatchObject([['thing:noted', { code: 'invalid-message' }]]);
  });

  it('are refused when a request comes without an acknowledgement', () => {
    const { client, faults } = join();
    client.emit('thing:double', { n: 1 });
    expect(faults).toMatchObject([['thing:double', { code: 'invalid-message' }]]);
  });

  it('refuse an answer that is not of the table', async () => {
    const { client } = join({ 'thing:double': () => ({ n: 0.5 }) });
    const refused = await ask(client, table, 'thing:double', { n: 1 }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'invalid-message' });
  });

  it('are not heard any more once taken off', () => {
    const { client, noted, remove } = join();
    remove();
    tell(client, table, 'thing:noted', { text: 'late' });
    expect(noted).toEqual([]);
  });
});
