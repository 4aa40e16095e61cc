import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { beforeEach, expect, it } from 'vitest';
import { followErrorOutput } from './error-output.ts';

let stream: PassThrough;
let entries: [level: string, fields: object, message: string][];
let flush: () => void;

beforeEach(() => {
  stream = new PassThrough();
  entries = [];
  flush = () => {};
  const at = (level: string) => (fields: object, message: string) => entries.push([level, fields, message]);
  followErrorOutput(stream, {
    name: 'the relay',
    clock: {
      after: (_ms, task) => {
        flush = task;
        return () => {
          flush = () => {};
        };
      },
    },
    log: { info: at('info'), warn: at('warn'), error: at('error') },
  });
});

async function write(text: string): Promise<void> {
  stream.write(text);
  await new Promise((resolve) => setImmediate(resolve));
}

it("makes one entry of a crash's many lines, however they are cut", async () => {
  await write('TypeError: x is not a fun');
  await write('ction\n    at a (b.ts:1:2)\n');
  await write('\nNode.js v20\n');
  expect(entries).toEqual([]);
  flush();
  const text = 'TypeError: x is not a function\n    at a (b.ts:1:2)\n\nNode.js v20';
  expect(entries).toEqual([['error', { text }, 'the relay wrote to its error output']]);
});

it("takes the child's own log lines over at their level", async () => {
  await write('{"level":"warn","time":1,"name":"relay","peerId":"p","msg":"too fast"}\n{"level":"odd"}\n');
  flush();
  expect(entries).toEqual([
    ['warn', { name: 'relay', peerId: 'p' }, 'too fast'],
    ['error', { text: '{"level":"odd"}' }, 'the relay wrote to its error output'],
  ]);
});

it('keeps what came last without an end of line, and the beginning of what is endless', async () => {
  await write(`${'x'.repeat(100)}\n`.repeat(500));
  stream.end('the last words');
  await finished(stream);
  expect(entries).toHaveLength(1);
  expect(JSON.stringify(entries[0]).length).toBeLessThan(5_000);
  entries = [];
  const other = new PassThrough();
  const log = { info() {}, warn() {}, error: (fields: object) => entries.push(['error', fields, '']) };
  followErrorOutput(other, { name: 'it', clock: { after: () => () => {} }, log });
  other.end('the last words');
  await finished(other);
  expect(entries).toEqual([['error', { text: 'the last words' }, '']]);
});
