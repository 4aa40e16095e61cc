import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import golden from './golden/presence.json' with { type: 'json' };
import { decodePresenceFrame, encodePresenceFrame, PresenceMessage } from './presence.ts';

const rows = golden.map((row) => ({ ...row, message: z.parse(PresenceMessage, row.message) }));

describe('presence messages', () => {
  it.each(rows)('"$name" is exactly these bytes', ({ message, frame }) => {
    expect(encodePresenceFrame(message)).toBe(frame);
  });

  it.each(rows)('"$name" is read back from its bytes', ({ message, frame }) => {
    expect(decodePresenceFrame(frame)).toEqual(message);
  });

  it('are fixed for every type', () => {
    const types = PresenceMessage.def.options.map((option) => option.shape.type.def.values[0]);
    expect(new Set(rows.map(({ message }) => message.type))).toEqual(new Set(types));
  });

  it('have their keys in one order, however they were put together', () => {
    const hello = rows.find(({ message }) => message.type === 'hello');
    const turned = Object.fromEntries(Object.entries(hello?.message ?? {}).toReversed());
    expect(encodePresenceFrame(turned as PresenceMessage)).toBe(hello?.frame);
  });

  it('are nothing when cut at any place', () => {
    for (const { frame } of rows) {
      for (let length = 0; length < frame.length; length += 1) {
        expect(decodePresenceFrame(frame.slice(0, length))).toBeUndefined();
      }
    }
  });

  it.each([
    ['another namespace', '42/agent,["stop",{}]'],
    ['an acknowledgement', '43/presence,1["stop",{}]'],
    ['an unknown name', '42/presence,["toString",{}]'],
    ['a body that is no object', '42/presence,["stop",null]'],
    ['a third element', '42/presence,["stop",{"sessionId":"9c1d7e30-42aa-4b6f-8f11-5a6b7c8d9e0f"},1]'],
    [
      'a type smuggled into the body',
      '42/presence,["nothing",{"type":"stop","sessionId":"9c1d7e30-42aa-4b6f-8f11-5a6b7c8d9e0f"}]',
    ],
  ])('are not %s', (_what, frame) => {
    expect(decodePresenceFrame(frame)).toBeUndefined();
  });
});
