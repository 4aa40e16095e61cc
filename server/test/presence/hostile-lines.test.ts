import { encodePresenceFrame, PRESENCE_FRAMES } from '@guruconnect/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LineStage, setLineStage } from './support/line-stage.ts';
import { openOnlineLine, openRawLine, sayHello } from './support/raw-line.ts';

const HELLO = '42/presence,["hello",{"protocol":1,"machineId":"ID","version":"1"}]';

describe('a line that says what no agent says', () => {
  let stage: LineStage;
  beforeAll(async () => {
    stage = await setLineStage();
  });
  afterAll(() => stage.close());
  let addresses = 0;
  const headers = () => {
    addresses += 1;
    return { 'x-forwarded-for': `198.51.100.${addresses}` };
  };

  it.each([
    ['an event before the namespace', HELLO],
    ['another namespace', '40/console,'],
    ['a pong that nobody asked for', '3'],
    ['nothing', ''],
    ['ten thousand brackets', `${PRESENCE_FRAMES.connect}x${'['.repeat(3_000)}`.slice(2)],
    ['a binary message', Buffer.from(HELLO)],
  ])('is closed after %s', async (_what, frame) => {
    const line = await openRawLine(stage.url, headers());
    line.send(frame);
    expect(await line.next('44')).toContain('"invalid-message"');
    expect(await line.closed).toBe(1000);
    expect((await stage.audits('presence.refused')).at(-1)).toMatchObject({
      actor: 'guest',
      address: `198.51.100.${addresses}`,
      details: { reason: 'malformed' },
    });
  });

  it.each([
    ['no such machine id', HELLO.replace('ID', "' OR 1=1 --")],
    ['another protocol', HELLO.replace(':1,', ':2,')],
    ['a version of 10 kB', HELLO.replace('"1"', `"${'v'.repeat(3_000)}"`)],
    ['an acknowledgement wanted', HELLO.replace('42/presence,', '42/presence,1')],
    ['a message for agents', encodePresenceFrame({ type: 'check-in', withinMs: 0 })],
    ['a prototype', '42/presence,["__proto__",{"machineId":"x"}]'],
    ['half a message', HELLO.slice(0, -3)],
    ['connecting twice', PRESENCE_FRAMES.connect],
  ])('is closed after %s', async (_what, frame) => {
    const line = await openRawLine(stage.url, headers());
    line.send(PRESENCE_FRAMES.connect);
    await line.next('40');
    line.send(frame);
    expect(await line.next('44')).toContain('"invalid-message"');
    expect(await line.closed).toBe(1000);
  });

  it('is closed for more than the longest frame, without a word', async () => {
    const line = await openRawLine(stage.url, headers());
    line.send(PRESENCE_FRAMES.connect + 'x'.repeat(100_000));
    expect(await line.closed).toBe(1009);
  });

  it('is closed after a second hello, and one in place of the answer', async () => {
    const identity = await stage.enrol();
    const hello = HELLO.replace('ID', identity.machineId);
    const online = await openOnlineLine(stage.url, identity, headers());
    const proving = await openRawLine(stage.url, headers());
    await sayHello(proving, identity);
    for (const line of [online, proving]) {
      line.send(hello);
      expect(await line.next('44')).toContain('"invalid-message"');
    }
    expect(stage.lines().isOnline(identity.machineId)).toBe(false);
  });

  it('fills no audit log, however often it tries', async () => {
    const address = headers();
    for (let tries = 0; tries < 30; tries += 1) {
      const line = await openRawLine(stage.url, address);
      line.send('nonsense');
      await line.closed;
    }
    const rows = await stage.audits('presence.refused');
    expect(rows.filter((row) => row.address === address['x-forwarded-for'])).toHaveLength(5);
  });
});
